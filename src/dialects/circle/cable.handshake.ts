import type { IncomingMessage } from 'node:http';

export const BASE_PROTOCOL = 'actioncable-v1-json';
export const EXTENDED_PROTOCOL = 'actioncable-v1-ext-json';
/** The last one lets a client that understands nothing of this find out, and stay away. */
const SUPPORTED = new Set([BASE_PROTOCOL, EXTENDED_PROTOCOL, 'actioncable-unsupported']);
const TOKEN_PROTOCOL = 'anycable-token.';

/** The first of the client's list that is spoken here; false for none of them. */
export function chooseProtocol(offered: Iterable<string>): string | false {
  for (const protocol of offered) if (SUPPORTED.has(protocol)) return protocol;
  return false;
}

/** What a handshake says besides: the member's access token, and the session that the client had before. */
export interface Handshake {
  token: string | null;
  sid: string | null;
}

/** The token is looked for where the clients put it (docs/dialects/actioncable.md), the header first. */
export function readHandshake({ url = '', headers }: IncomingMessage): Handshake {
  const query = new URLSearchParams(url.split('?', 2)[1]);
  const offered = (headers['sec-websocket-protocol'] ?? '').split(',').map((protocol) => protocol.trim());
  const inProtocol = offered.find((protocol) => protocol.startsWith(TOKEN_PROTOCOL));
  const found = [
    /^Bearer +(\S+) *$/i.exec(headers.authorization ?? '')?.[1],
    query.get('token'),
    query.get('jid'),
    single(headers['x-jid']),
    inProtocol?.slice(TOKEN_PROTOCOL.length),
  ];
  return {
    token: found.find((token) => token != null && token !== '') ?? null,
    sid: query.get('sid') || single(headers['x-anycable-restore-sid']) || null,
  };
}

function single(header: string | string[] | undefined): string | null {
  return (Array.isArray(header) ? header[0] : header) ?? null;
}
