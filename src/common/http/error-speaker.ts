import type { FastifyReply, FastifyRequest } from 'fastify';
import type { DomainError } from '../domain-error.js';
import type { JsonObject } from '../json.js';
import { JSON_TYPE } from './json-type.js';

/** An error in the words of one dialect. */
export interface SpokenError {
  status: number;
  body: JsonObject;
  /** In seconds. */
  retryAfter?: number;
}

export type SpeakError = (error: DomainError, request: FastifyRequest) => SpokenError;

/** In the config of a route: whoever refuses a request of this route, however early, does it in these words. */
export interface SpeakingRoute {
  speakError?: SpeakError;
}

export function speakerOf(request: FastifyRequest): SpeakError | undefined {
  return (request.routeOptions?.config as SpeakingRoute | undefined)?.speakError;
}

export function sendSpoken(reply: FastifyReply, { status, body, retryAfter }: SpokenError): void {
  if (retryAfter !== undefined) void reply.header('retry-after', String(Math.ceil(retryAfter)));
  void reply.code(status).type(JSON_TYPE).send(body);
}
