import type { IncomingMessage } from 'node:http';
import { invalid } from '../../common/domain-error.js';
import { CONTEXT_HEADERS } from '../../modules/resources/index.js';
import { decodeBase58 } from './base58.js';

/** What a client says of itself before there is a connection. */
export interface Handshake {
  /** The headers that count here, wherever they stood, by name. */
  headers: Record<string, string[] | undefined>;
  /** The sub-protocol that they stood in, and that the answer therefore has to choose; null without one. */
  protocol: string | null;
}

type Headers = Record<string, string[]>;

const MAX_DECODED_BYTES = 8 * 1024;
/** No text of more digits stands for so few bytes. */
const MAX_DIGITS = Math.ceil((MAX_DECODED_BYTES * Math.log(256)) / Math.log(58));

/** The headers that count, each with its other spellings. */
const KNOWN = [...Object.values(CONTEXT_HEADERS), ['authorization'], ['x-api-key']] as const;
const NAMES = new Set<string>(KNOWN.flat());

const strictUtf8 = new TextDecoder('utf-8', { fatal: true });

/** A header of the request goes before the same one in the sub-protocol: a proxy may have set it. */
export function readHandshake({ headers }: Pick<IncomingMessage, 'headers'>): Handshake {
  const offered = headers['sec-websocket-protocol'];
  const found = offered === undefined ? null : findToken(offered.split(',').map((protocol) => protocol.trim()));
  const taken: Handshake['headers'] = {};
  for (const spellings of KNOWN) {
    const real = spellings.some((name) => headers[name] !== undefined);
    for (const name of spellings) taken[name] = real ? [headers[name] ?? []].flat() : found?.headers[name];
  }
  return { headers: withoutEmpty(taken), protocol: found?.protocol ?? null };
}

/** The first one that holds headers. Whoever offers sub-protocols and none of these meant something else. */
function findToken(offered: string[]): { protocol: string; headers: Headers } {
  for (const protocol of offered) {
    const headers = decode(protocol);
    if (headers) return { protocol, headers };
  }
  throw invalid('handshake.protocol_invalid', 'None of the sub-protocols holds headers in base58.');
}

/** The known headers in a sub-protocol, each a `name:value` line of its own; null when there is none. */
function decode(protocol: string): Headers | null {
  const bytes = protocol.length > MAX_DIGITS ? null : decodeBase58(protocol);
  if (!bytes || bytes.length > MAX_DECODED_BYTES) return null;
  const headers: Headers = {};
  for (const line of linesOf(bytes)) {
    const colon = line.indexOf(':');
    const name = line.slice(0, Math.max(colon, 0)).trim().toLowerCase();
    if (NAMES.has(name)) (headers[name] ??= []).push(line.slice(colon + 1).trim());
  }
  return Object.keys(headers).length > 0 ? headers : null;
}

/** Some clients write it all in one line, with a blank before each further header of the context. */
function linesOf(bytes: Uint8Array): string[] {
  try {
    return strictUtf8.decode(bytes).split(/\r?\n| +(?=x-m2-)/i);
  } catch {
    return [];
  }
}

function withoutEmpty(headers: Handshake['headers']): Handshake['headers'] {
  return Object.fromEntries(Object.entries(headers).filter(([, values]) => values !== undefined && values.length > 0));
}
