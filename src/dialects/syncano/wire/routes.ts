import { Injectable } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { FastifyInstance, FastifyReply, FastifyRequest, RouteOptions } from 'fastify';
import { sendSpoken, type SpeakingRoute } from '../../../common/http/error-speaker.js';
import { HttpDomainError } from '../../../common/http/framework-errors.js';
import { formFields } from './multipart.js';
import { methodNotAllowed, notFound, speak } from './errors.js';
import { PollStorms } from './poll-storms.js';

const PREFIX = '/v1.1';
/** The same under an older name. */
const ALIAS = '/v1';
const OURS = /^\/v1(\.1)?\//;

/** What this dialect needs of the HTTP server: all forms of each path, its own errors, and forms as bodies. */
@Injectable()
export class Routes {
  /** The methods of each path, to tell a wrong method from a wrong path. */
  private readonly methods = new Map<string, Set<string>>();

  constructor(
    host: HttpAdapterHost,
    private readonly storms: PollStorms,
  ) {
    const fastify = host.httpAdapter?.getInstance<FastifyInstance | undefined>();
    if (!fastify?.addHook) return;
    fastify.addHook('onRoute', (route) => this.complete(fastify, route));
    fastify.addContentTypeParser('multipart/form-data', { parseAs: 'buffer' }, (request, body: Buffer, done) => {
      if (!OURS.test(request.url)) return done(unsupported());
      formFields(request.headers['content-type']!, body).then(
        (fields) => done(null, fields),
        (error: Error) => done(error),
      );
    });
    for (const prefix of [PREFIX, ALIAS]) {
      void fastify.register(
        async (scope) => scope.setNotFoundHandler((request, reply) => this.refuse(request, reply)),
        {
          prefix,
        },
      );
    }
  }

  private complete(fastify: FastifyInstance, route: RouteOptions): void {
    if (!route.url.startsWith(`${PREFIX}/`)) return;
    const config = (route.config ?? {}) as SpeakingRoute;
    config.speakError = (error, request) => this.storms.slowDown(request, speak(error, request));
    route.config = config;
    if (route.url.endsWith('/') || route.method === 'HEAD') return;
    const methods = this.methods.get(route.url) ?? new Set();
    for (const method of [route.method].flat()) methods.add(method);
    this.methods.set(route.url, methods);
    const alias = `${ALIAS}${route.url.slice(PREFIX.length)}`;
    for (const url of [`${route.url}/`, alias, `${alias}/`]) fastify.route({ ...route, url });
  }

  private refuse(request: FastifyRequest, reply: FastifyReply): void {
    const path = request.url.split('?', 1)[0]!.replace(/\/$/, '').replace(OURS, `${PREFIX}/`);
    const known = [...this.methods.keys()].some((pattern) => matches(pattern, path));
    sendSpoken(reply, speak(known ? methodNotAllowed(request.method) : notFound(), request));
  }
}

function matches(pattern: string, path: string): boolean {
  const wanted = pattern.split('/');
  const segments = path.split('/');
  return (
    wanted.length === segments.length &&
    wanted.every((segment, index) => segment.startsWith(':') || segment === segments[index])
  );
}

const unsupported = (): HttpDomainError =>
  new HttpDomainError(415, 'request.unsupported_media_type', 'Send the body as application/json');
