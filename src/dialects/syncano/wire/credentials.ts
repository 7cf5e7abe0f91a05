import type { FastifyRequest } from 'fastify';
import { isObject } from '../../../common/json.js';
import { parameter, type Query } from './lists.js';

/** The texts that came as keys, wherever they stood; null for none. */
export interface Credentials {
  apiKey: string | null;
  userKey: string | null;
}

/** The header first, then the query, then `Authorization: <anything> <key>`, then the body. */
export function credentialsOf(request: FastifyRequest): Credentials {
  const query = request.query as Query;
  const [, authorization] = request.headers.authorization?.split(' ') ?? [];
  return {
    apiKey: firstOf(
      request.headers['x-api-key'],
      parameter(query, 'api_key'),
      parameter(query, 'apikey'),
      authorization,
      inBody(request.body, '_api_key'),
    ),
    userKey: firstOf(
      request.headers['x-user-key'],
      parameter(query, 'user_key'),
      parameter(query, 'userkey'),
      inBody(request.body, '_user_key'),
    ),
  };
}

function firstOf(...candidates: unknown[]): string | null {
  const found = candidates.find((text) => typeof text === 'string' && text !== '');
  return (found as string | undefined) ?? null;
}

function inBody(body: unknown, name: string): unknown {
  return isObject(body) ? body[name] : undefined;
}
