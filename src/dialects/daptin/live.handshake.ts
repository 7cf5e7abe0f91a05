import type { IncomingMessage } from 'node:http';
import { originCheck } from '../../common/http/origins.js';

/** The token of a handshake. A browser sends a cookie along by itself, whatever page opens the socket. */
export interface Credential {
  token: string;
  fromCookie: boolean;
}

/** The first place that holds anything is the only one that counts; null for none, and for a header that is no bearer token. */
export function readCredential({ url = '', headers }: IncomingMessage): Credential | null {
  const { authorization, cookie } = headers;
  if (authorization) {
    const token = /^Bearer (\S+)$/i.exec(authorization)?.[1];
    return token === undefined ? null : { token, fromCookie: false };
  }
  const inQuery = new URLSearchParams(url.split('?', 2)[1]).get('token');
  if (inQuery) return { token: inQuery, fromCookie: false };
  const inCookie = tokenCookie(cookie ?? '');
  return inCookie ? { token: inCookie, fromCookie: true } : null;
}

/** Whose pages may open the door. */
export class LiveOrigins {
  private readonly isAllowed: (origin: string | undefined) => boolean;

  constructor(private readonly allowed: readonly string[]) {
    this.isAllowed = originCheck(allowed);
  }

  /**
   * Whether the page that opens the socket may: one of the allowed origins, and with a cookie otherwise only one of this
   * host. Programs are no pages, and have no cookies of somebody else.
   */
  admits({ headers }: IncomingMessage, credential: Credential | null): boolean {
    const { origin, host } = headers;
    if (!credential?.fromCookie) return origin === undefined || this.isAllowed(origin);
    if (origin === undefined || !URL.canParse(origin)) return false;
    return new URL(origin).host === host || (this.allowed.length > 0 && this.isAllowed(origin));
  }
}

function tokenCookie(header: string): string | undefined {
  const pairs = header.split(';').map((pair) => pair.trim());
  return pairs.find((pair) => pair.startsWith('token='))?.slice('token='.length);
}
