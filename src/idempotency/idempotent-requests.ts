import { createHash } from 'node:crypto';
import { Injectable, Logger } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { callerKey, type Identity } from '../auth/identity.js';
import { RequestCredentials } from '../auth/request-credentials.js';
import { isUnavailable } from '../common/connection-errors.js';
import { DomainError } from '../common/domain-error.js';
import { sendError } from '../common/http/http-error.filter.js';
import { JSON_TYPE } from '../common/http/json-type.js';
import { SparseLog } from '../common/logging/sparse-log.js';
import { currentRequest, type RequestContext } from '../common/request-context.js';
import { Outages } from '../database/outages.js';
import { keyInvalid } from './idempotency.errors.js';
import { type Attempt, IdempotencyKeys } from './idempotency-keys.js';
import { mayBeRepeated } from './repeatable-routes.js';

interface Running extends Attempt {
  context: RequestContext | undefined;
}

const HEADER = 'idempotency-key';
const ACCEPTED_KEY = /^[\x20-\x7e]{1,255}$/;
/** Not about the request but about the moment, so the next attempt may do better. */
const PASSING_STATUSES = [401, 408, 425, 429];
/** As long as an attempt counts as running. */
const OUTAGE_MS = 30_000;

/**
 * Lets a client repeat a POST under /api until it has the answer: with the same Idempotency-Key it is carried out once,
 * and the first answer is given again. Requests without the header pass by.
 */
@Injectable()
export class IdempotentRequests {
  private readonly failures = new SparseLog(new Logger(IdempotentRequests.name));
  private readonly running = new WeakMap<FastifyRequest, Running>();

  constructor(
    host: HttpAdapterHost,
    private readonly credentials: RequestCredentials,
    private readonly keys: IdempotencyKeys,
    private readonly outages: Outages,
  ) {
    const fastify = host.httpAdapter?.getInstance<FastifyInstance | undefined>();
    fastify?.addHook?.('preHandler', (request, reply, done) => {
      if (request.headers[HEADER] === undefined || !concerns(request)) return done();
      this.begin(request, reply).then(
        (goOn) => goOn && done(),
        (error: unknown) => (error instanceof DomainError ? sendError(reply, error) : done(error as Error)),
      );
    });
    fastify?.addHook?.('onSend', (request, reply, payload, done) => {
      const running = request.headers[HEADER] === undefined ? undefined : this.running.get(request);
      if (!running) return done(null, payload);
      void this.finish(running, reply.statusCode, payload).then(() => done(null, payload));
    });
  }

  /** False when the answer of before has been sent. */
  private async begin(request: FastifyRequest, reply: FastifyReply): Promise<boolean> {
    const identity = await this.identify(request);
    if (!identity) return true;
    const key = String(request.headers[HEADER]);
    if (!ACCEPTED_KEY.test(key)) throw keyInvalid();
    const [address, query = ''] = request.url.split('?', 2) as [string, string?];
    const id = hashOf(callerKey(identity), address, key);
    const found = await this.keys.begin(id, hashOf(query, JSON.stringify(request.body) ?? ''));
    if ('status' in found) {
      void reply.code(found.status).header('idempotency-replayed', 'true');
      if (found.body !== null) void reply.type(JSON_TYPE);
      void reply.send(found.body ?? undefined);
      return false;
    }
    const context = currentRequest();
    this.running.set(request, { ...found, context });
    if (context) context.beforeCommit = (transaction) => this.keys.mark(found, transaction);
    return true;
  }

  /** Whoever cannot be identified gets the answer of the guard. */
  private async identify(request: FastifyRequest): Promise<Identity | null> {
    try {
      return await this.credentials.identify(request.headers);
    } catch (error) {
      if (error instanceof DomainError && error.kind === 'unauthorized') return null;
      throw error;
    }
  }

  /** Before the answer leaves, so that whoever has it can have it again. */
  private async finish({ context, ...attempt }: Running, status: number, payload: unknown): Promise<void> {
    if (context) context.beforeCommit = undefined;
    const final = status < 500 && !PASSING_STATUSES.includes(status);
    const body = bodyOf(payload);
    const settle = () =>
      final && body !== undefined ? this.keys.keep(attempt, { status, body }) : this.keys.giveUp(attempt);
    try {
      await settle();
    } catch (error) {
      this.failures.warn('Answers could not be kept', error);
      // The answer goes out all the same; the next attempt is let in as soon as the database is back.
      if (isUnavailable(error)) this.outages.outlast(settle, OUTAGE_MS).catch(() => undefined);
    }
  }
}

function concerns({ method, url, routeOptions }: FastifyRequest): boolean {
  return mayBeRepeated(method, url, routeOptions.config);
}

/** Null for no body, undefined for one that cannot be kept. */
function bodyOf(payload: unknown): string | null | undefined {
  if (payload === undefined || payload === null || payload === '') return null;
  return typeof payload === 'string' ? payload : undefined;
}

function hashOf(...parts: string[]): string {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(`${Buffer.byteLength(part)}:${part}`);
  return hash.digest('hex');
}
