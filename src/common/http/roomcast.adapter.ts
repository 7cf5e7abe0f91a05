import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import type { FastifyInstance, FastifyReply, FastifyRequest, FastifyServerOptions } from 'fastify';
import { serviceUnavailable } from '../connection-errors.js';
import { DomainError } from '../domain-error.js';
import { type RequestContext, runInRequest } from '../request-context.js';
import { type DirectHandler, directMethodOf } from './direct-route.js';
import { fromFastifyError } from './framework-errors.js';
import { ExpressLane } from './express-lane.js';
import { sendError } from './http-error.filter.js';
import { HttpTraffic, routeOf } from './traffic.js';

declare module 'fastify' {
  interface FastifyRequest {
    /** What follows the request through the code; absent before its first hook. */
    runningIn: RequestContext | undefined;
  }
}

export interface AdapterOptions {
  maxBodyBytes: number;
  trustProxy: boolean;
  /** One log line for each request. */
  requestLines?: boolean;
}

/** Names in addresses have up to 256 characters, of up to 12 when they are percent-encoded. */
const MAX_PARAMETER_LENGTH = 3_072;

/** The `onRequest` hooks behind those of Nest's adapter: ours, and the one that runs middleware where there is some. */
const COVERED = new Set(['untypedWithoutBody', 'enterRequest', 'runMiddie']);

const ACCEPTED_REQUEST_ID = /^[\w.:-]{1,128}$/;

/** Fastify with what every request gets: an id, a context that follows it through the code, and our errors from the first byte on. */
export class RoomcastAdapter extends FastifyAdapter {
  readonly traffic: HttpTraffic;
  /** What carries out routes in Nest's place, by their methods; to be set before the routes are made. */
  directRoutes: ReadonlyMap<object, DirectHandler> = new Map();
  /** Serves plain requests to them; to be opened when the server is complete. */
  readonly lane: ExpressLane;
  /** A module has middleware or a hook of Nest that wants to see every request. */
  private watched = false;

  constructor({ maxBodyBytes, trustProxy, requestLines = false }: AdapterOptions) {
    const options: FastifyServerOptions = {
      bodyLimit: maxBodyBytes,
      trustProxy,
      genReqId: requestId,
      forceCloseConnections: 'idle',
      routerOptions: { maxParamLength: MAX_PARAMETER_LENGTH },
      frameworkErrors: (error, _request, reply) => sendError(reply, fromFastifyError(error) ?? internal(error)),
    };
    super(options);
    const fastify: FastifyInstance = this.getInstance();
    // Bodies are JSON; a text would only fail later, with a worse message.
    fastify.removeContentTypeParser('text/plain');
    fastify.addHook('onRequest', untypedWithoutBody);
    this.traffic = new HttpTraffic(requestLines);
    const begin = (request: FastifyRequest, reply: FastifyReply) => beginRequest(this.traffic, request, reply);
    addRequestContext(fastify, this.traffic, begin);
    this.lane = new ExpressLane({
      open: () => !this.traffic.refusing && !this.watched,
      covers: (hooks) => {
        const ours = hooks.indexOf(untypedWithoutBody.name);
        return ours >= 0 && hooks.slice(ours).every((name) => COVERED.has(name));
      },
      requestId,
      begin,
    });
    fastify.addHook('onRoute', ({ method, url }) => {
      if ([method].flat().includes('POST')) this.lane.note(url);
    });
  }

  override post(...args: unknown[]): ReturnType<FastifyAdapter['post']> {
    const made = args.at(-1) as object;
    const direct = this.directRoutes.get(directMethodOf(made) ?? made);
    if (!direct) return super.post(...args);
    const served: DirectHandler = (request, reply) => {
      this.lane.learn(request, direct);
      direct(request, reply);
    };
    return super.post(...args.slice(0, -1), markedAs(made, served));
  }

  override use(...args: Parameters<FastifyAdapter['use']>): ReturnType<FastifyAdapter['use']> {
    this.watched = true;
    return super.use(...args);
  }

  override createMiddlewareFactory(
    ...args: Parameters<FastifyAdapter['createMiddlewareFactory']>
  ): ReturnType<FastifyAdapter['createMiddlewareFactory']> {
    this.watched = true;
    return super.createMiddlewareFactory(...args);
  }

  override setOnRequestHook(...args: Parameters<FastifyAdapter['setOnRequestHook']>): void {
    this.watched = true;
    super.setOnRequestHook(...args);
  }

  override setOnResponseHook(...args: Parameters<FastifyAdapter['setOnResponseHook']>): void {
    this.watched = true;
    super.setOnResponseHook(...args);
  }

  /** JSON is left to Fastify: Nest's own way to its parser makes one for each request. */
  override registerParserMiddleware(): void {
    this.useBodyParser('application/x-www-form-urlencoded', false);
  }

  /** Nest asks here about errors that were raised before a route ran. */
  override mapException(error: unknown): unknown {
    return error instanceof DomainError ? error : (fromFastifyError(error) ?? super.mapException(error));
  }
}

/** Many HTTP wrappers name the type of a body that they do not send; no body is no malformed one. */
function untypedWithoutBody({ headers }: FastifyRequest, _reply: FastifyReply, done: () => void): void {
  const empty = headers['content-length'] === undefined || headers['content-length'] === '0';
  if (empty && headers['transfer-encoding'] === undefined) delete headers['content-type'];
  done();
}

function addRequestContext(
  fastify: FastifyInstance,
  traffic: HttpTraffic,
  begin: (request: FastifyRequest, reply: FastifyReply) => RequestContext,
): void {
  // A field of its own: a weak map of all requests keeps them until the next full garbage collection.
  fastify.decorateRequest('runningIn');
  fastify.addHook('onRequest', function enterRequest(request, reply, done) {
    const context = begin(request, reply);
    // Whoever watches this server still gets an answer.
    if (traffic.refusing && !routeOf(request).startsWith('/health/')) sendError(reply, serviceUnavailable());
    else runInRequest(context, done);
  });
  // Reading the body leaves the context, because its events come from the socket.
  fastify.addHook('preValidation', (request, _reply, done) => {
    const { runningIn: context } = request;
    if (context === undefined) done();
    else runInRequest(context, done);
  });
}

/** Gives the request its context, and has it watched until its answer has left. */
function beginRequest(traffic: HttpTraffic, request: FastifyRequest, reply: FastifyReply): RequestContext {
  const context = { requestId: request.id, author: null, workspaceId: null };
  request.runningIn = context;
  traffic.begin(request, reply, context);
  void reply.header('x-request-id', request.id);
  return context;
}

/** Fastify reads limits and the like from the marks on a handler. */
function markedAs(made: object, direct: DirectHandler): DirectHandler {
  const handler: DirectHandler = (request, reply) => direct(request, reply);
  for (const key of Reflect.getMetadataKeys(made)) {
    Reflect.defineMetadata(key, Reflect.getMetadata(key, made), handler);
  }
  return handler;
}

function requestId(request: Pick<IncomingMessage, 'headers'>): string {
  const given = request.headers['x-request-id'];
  return typeof given === 'string' && ACCEPTED_REQUEST_ID.test(given) ? given : randomUUID();
}

function internal(cause: unknown): DomainError {
  return new DomainError('internal', 'Something went wrong on our side', { status: 'internal', cause });
}
