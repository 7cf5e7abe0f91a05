import type { IncomingHttpHeaders, IncomingMessage, Server, ServerResponse } from 'node:http';
import type { FastifyBaseLogger, FastifyReply, FastifyRequest } from 'fastify';

type Done = (error?: Error | null, payload?: unknown) => void;
type Hook = (this: unknown, request: FastifyRequest, reply: FastifyReply, done: Done) => unknown;
type PayloadHook = (
  this: unknown,
  request: FastifyRequest,
  reply: FastifyReply,
  payload: unknown,
  done: Done,
) => unknown;
type Parse = (request: FastifyRequest, body: string, done: Done) => unknown;

/** What Fastify knows of a route; its own, so everything is looked at before it is believed. */
interface RouteContext {
  Request: new (
    id: string,
    params: object,
    raw: IncomingMessage,
    query: object,
    log: FastifyBaseLogger,
    context: RouteContext,
  ) => FastifyRequest;
  Reply: new (raw: ServerResponse, request: FastifyRequest, log: FastifyBaseLogger) => FastifyReply;
  server: unknown;
  onRequest: Hook[] | null;
  preParsing: PayloadHook[] | null;
  preValidation: Hook[] | null;
  preHandler: Hook[] | null;
  contentTypeParser: { getParser(type: string): { asString?: boolean; fn: Parse } | undefined };
}

/** One direct route, as Fastify would serve it. */
interface LaneRoute {
  /** What stands before and after the one parameter of its address. */
  before: string;
  after: string;
  parameter: string;
  bodyLimit: number;
  context: RouteContext;
  log: FastifyBaseLogger;
  beforeBody: Hook[];
  parse: Parse;
  afterBody: Hook[];
  handle: (request: FastifyRequest, reply: FastifyReply) => void;
}

/** What the adapter does for each request in its own `onRequest` hooks. */
export interface LaneEntry {
  /** False while requests have to be looked at more closely, such as during a shutdown. */
  open(): boolean;
  /** Whether the lane does all that `onRequest` hooks of these names do for a plain request. */
  covers(hooks: string[]): boolean;
  requestId(raw: IncomingMessage): string;
  begin(request: FastifyRequest, reply: FastifyReply): void;
}

const PATTERN = /^([^:*()]+):(\w+)([^:*()]*)$/;
/** Anything else in an address is left to Fastify: escapes, queries, other segments. */
const PLAIN_PARAMETER = /^[\w.~-]{1,256}$/;
const PLAIN_LENGTH = /^[1-9]\d{0,8}$/;
const JSON_TYPE = /^application\/json(; ?charset=utf-8)?$/i;
/** A request with one of these wants something that only the long way knows. */
const UNUSUAL = [
  'origin',
  'transfer-encoding',
  'content-encoding',
  'expect',
  'accept-version',
  'idempotency-key',
  'upgrade',
];

/**
 * The way of plain requests to `@Direct()` routes: POST, JSON with its length, from no browser's page. Fastify and Nest ask
 * each request a dozen questions whose answers are known for these, and the caller waits meanwhile. The lane makes the
 * same request and reply, runs the same hooks and parser, and leaves everything else to Fastify. It learns a route from
 * the first request that Fastify has served, and stays closed where a hook stands before the route that it does not know.
 */
export class ExpressLane {
  /** How many requests it has served. */
  served = 0;
  private readonly routes: LaneRoute[] = [];
  private readonly seen = new Set<string>();
  private readonly addresses: string[] = [];

  constructor(private readonly entry: LaneEntry) {}

  /** Takes its place before all others who listen for requests. */
  open(server: Server): void {
    const listeners = server.listeners('request') as ((raw: IncomingMessage, response: ServerResponse) => void)[];
    server.removeAllListeners('request');
    server.on('request', (raw: IncomingMessage, response: ServerResponse) => {
      if (!this.take(raw, response)) for (const listener of listeners) listener.call(server, raw, response);
    });
  }

  /** Has to hear of all addresses that take a POST. */
  note(address: string): void {
    this.addresses.push(address);
  }

  /** Remembers how Fastify serves the route of this request. */
  learn(request: FastifyRequest, handle: LaneRoute['handle']): void {
    const { url, bodyLimit } = request.routeOptions;
    if (url === undefined || this.seen.has(url)) return;
    this.seen.add(url);
    const [, before, parameter, after] = PATTERN.exec(url) ?? [];
    const context = contextOf(request);
    const parser = context?.contentTypeParser.getParser('application/json');
    if (before === undefined || !context || !parser?.asString) return;
    if (this.addresses.some((other) => other !== url && mayBeMeant(other, url))) return;
    // Fastify binds them.
    if (!this.entry.covers((context.onRequest ?? []).map(({ name }) => name.replace(/^bound /, '')))) return;
    const { log } = request;
    this.routes.push({
      before,
      after: after!,
      parameter: parameter!,
      bodyLimit,
      context,
      log,
      beforeBody: (context.preParsing ?? []).map(withoutPayload),
      parse: parser.fn,
      afterBody: [...(context.preValidation ?? []), ...(context.preHandler ?? [])],
      handle,
    });
  }

  /** Serves the request, or gives false when that is Fastify's. */
  private take(raw: IncomingMessage, response: ServerResponse): boolean {
    if (raw.method !== 'POST' || this.routes.length === 0 || !this.entry.open()) return false;
    const url = raw.url!;
    for (const route of this.routes) {
      if (!url.startsWith(route.before) || !url.endsWith(route.after)) continue;
      const value = url.slice(route.before.length, url.length - route.after.length);
      if (!PLAIN_PARAMETER.test(value)) continue;
      if (!isPlain(raw.headers, route.bodyLimit)) return false;
      this.served += 1;
      this.serve(route, value, raw, response);
      return true;
    }
    return false;
  }

  private serve(route: LaneRoute, value: string, raw: IncomingMessage, response: ServerResponse): void {
    const { context, log, parameter, beforeBody } = route;
    const id = this.entry.requestId(raw);
    const request = new context.Request(id, parametersOf(parameter, value), raw, NO_QUERY, log, context);
    const reply = new context.Reply(response, request, log);
    this.entry.begin(request, reply);
    inTurn(beforeBody, context, request, reply, () => readBody(route, request, reply));
  }
}

/** Whether requests to the one address could be for the other one: then Fastify decides. */
function mayBeMeant(other: string, url: string): boolean {
  const [its, own] = [other.split('/'), url.split('/')];
  if (its.length !== own.length) return false;
  return its.every((segment, index) => segment === own[index] || /[:*]/.test(segment + own[index]!));
}

const NO_QUERY: object = Object.freeze(Object.create(null) as object);

function parametersOf(name: string, value: string): object {
  const parameters = Object.create(null) as Record<string, string>;
  parameters[name] = value;
  return parameters;
}

function isPlain(headers: IncomingHttpHeaders, bodyLimit: number): boolean {
  const length = headers['content-length'];
  if (length === undefined || !PLAIN_LENGTH.test(length) || Number(length) > bodyLimit) return false;
  if (!JSON_TYPE.test(headers['content-type'] ?? '')) return false;
  return UNUSUAL.every((name) => headers[name] === undefined);
}

/** The whole body, of the length that was announced: Node's parser sees to that. */
function readBody(route: LaneRoute, request: FastifyRequest, reply: FastifyReply): void {
  const { context, parse, afterBody, handle } = route;
  const chunks: Buffer[] = [];
  request.raw.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.raw.on('end', () => {
    const body = (chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks)).toString('utf8');
    parse.call(context.server, request, body, (error, parsed) => {
      // As Fastify does: whoever sends what is no JSON may send anything.
      if (error) return void reply.header('connection', 'close').send(error);
      request.body = parsed;
      inTurn(afterBody, context, request, reply, () => handle(request, reply));
    });
  });
}

/** A hook before the body is also shown the body's stream, which is the request's own here. */
function withoutPayload(hook: PayloadHook): Hook {
  return function (request, reply, done) {
    return hook.call(this, request, reply, request.raw, done);
  };
}

/** Runs Fastify's hooks one after the other; one that has answered by itself does not go on. */
function inTurn(
  hooks: Hook[],
  { server }: RouteContext,
  request: FastifyRequest,
  reply: FastifyReply,
  then: () => void,
): void {
  const next = (index: number): void => {
    const hook = hooks[index];
    if (reply.sent) return;
    if (hook === undefined) return then();
    const done: Done = (error) => (error ? void reply.send(error) : next(index + 1));
    const promise = hook.call(server, request, reply, done);
    if (promise instanceof Promise) promise.then(() => next(index + 1), done);
  };
  next(0);
}

/** Fastify keeps it under a symbol of its own. */
function contextOf(request: FastifyRequest): RouteContext | null {
  const symbol = Object.getOwnPropertySymbols(request).find(({ description }) => description === 'fastify.context');
  const found = symbol && (request as unknown as Record<symbol, Partial<RouteContext>>)[symbol];
  const known =
    typeof found?.Request === 'function' &&
    typeof found.Reply === 'function' &&
    typeof found.contentTypeParser?.getParser === 'function';
  return known ? (found as RouteContext) : null;
}
