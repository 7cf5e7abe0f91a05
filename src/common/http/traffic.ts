import type { ServerResponse } from 'node:http';
import { Logger } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { type RequestContext, runInRequest } from '../request-context.js';
import { Spread } from '../tally.js';

/** Bounds for the answer to a request, in seconds. */
const BOUNDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];

/** The pattern of the route, never the address: that one may carry tokens, and there is no end to them. */
export function routeOf(request: FastifyRequest): string {
  return request.routeOptions?.url ?? '(no route)';
}

/** Method, route and status class of some requests, with the time they took. */
export interface RouteTimes {
  labels: readonly [method: string, route: string, status: string];
  seconds: Spread;
}

/**
 * What goes through the HTTP door: which requests are open, how long the others took and, when lines are wanted, one for
 * each. Knows when the last one has ended, so that a server can leave without cutting any off.
 */
export class HttpTraffic {
  /** Requests that are being served. */
  open = 0;
  /** Answers ask the client to let go of the connection and take another one, which leads to another node. */
  leaving = false;
  /** Nothing new is begun any more. */
  refusing = false;
  private readonly logger = new Logger('HTTP');
  private readonly times = new Map<string, RouteTimes>();
  private idleWaiters: (() => void)[] = [];

  constructor(private readonly lines: boolean) {}

  /** Watches a request until its answer has left, or the client has. */
  begin(request: FastifyRequest, reply: FastifyReply, context: RequestContext): void {
    const start = performance.now();
    this.open += 1;
    if (this.leaving) void reply.header('connection', 'close');
    // It closes once; `once` would make two more objects for each request.
    reply.raw.on('close', () => {
      this.open -= 1;
      this.record(request, reply.raw, context, performance.now() - start);
      if (this.open === 0) for (const resolve of this.idleWaiters.splice(0)) resolve();
    });
  }

  measured(): Iterable<RouteTimes> {
    return this.times.values();
  }

  /** Resolves when no request is open, or after the limit. */
  async idle(limitMs: number): Promise<void> {
    if (this.open === 0) return;
    let timer: NodeJS.Timeout | undefined;
    await new Promise<void>((resolve) => {
      this.idleWaiters.push(resolve);
      timer = setTimeout(resolve, limitMs);
    });
    clearTimeout(timer);
  }

  private record(request: FastifyRequest, response: ServerResponse, context: RequestContext, ms: number): void {
    const { method } = request;
    const route = routeOf(request);
    const status = response.writableFinished ? response.statusCode : 'aborted';
    const group = typeof status === 'number' ? `${Math.floor(status / 100)}xx` : status;
    const key = `${method} ${route} ${group}`;
    let times = this.times.get(key);
    if (!times) this.times.set(key, (times = { labels: [method, route, group], seconds: new Spread(BOUNDS) }));
    times.seconds.add(ms / 1_000);
    if (!this.lines) return;
    const fields = { method, route, status, duration_ms: Math.round(ms * 100) / 100, ...context.author };
    runInRequest(context, () => this.logger.debug(fields, `${method} ${route} ${status}`));
  }
}
