import { Injectable } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { sendError } from '../common/http/http-error.filter.js';
import { clientAddress } from './client-address.js';
import { RateLimits, tooManyRequests } from './rate-limits.js';

/** A supervisor that shares its address with others must not take a busy node for a dead one. */
const UNLIMITED = /^\/(health|metrics)\b/;

/** Whether requests of a route are counted. */
export const isLimited = (path: string): boolean => !UNLIMITED.test(path);

/** Stands before everything else: counts the HTTP requests of an address before they cost anything. */
@Injectable()
export class AddressLimit {
  constructor(
    host: HttpAdapterHost,
    private readonly limits: RateLimits,
  ) {
    const fastify = host.httpAdapter?.getInstance<FastifyInstance | undefined>();
    // After CORS, so that a browser can read the refusal; before the body.
    fastify?.addHook?.('preParsing', (request, reply, _payload, done) => this.check(request, reply, done));
  }

  private check(request: FastifyRequest, reply: FastifyReply, next: () => void): void {
    if (!isLimited(request.routeOptions.url ?? '')) return next();
    const settle = (wait: number): void => (wait > 0 ? sendError(reply, tooManyRequests(wait)) : next());
    const wait = this.limits.hit('ip', clientAddress(request.ip));
    if (typeof wait === 'number') settle(wait);
    else void wait.then(settle);
  }
}
