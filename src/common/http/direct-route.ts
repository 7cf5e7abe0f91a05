import 'reflect-metadata';
import {
  type ArgumentMetadata,
  type CanActivate,
  type ExceptionFilter,
  ForbiddenException,
  RequestMethod,
  type Type,
} from '@nestjs/common';
import {
  EXCEPTION_FILTERS_METADATA,
  GUARDS_METADATA,
  HEADERS_METADATA,
  HTTP_CODE_METADATA,
  INTERCEPTORS_METADATA,
  METHOD_METADATA,
  PIPES_METADATA,
  REDIRECT_METADATA,
  RENDER_METADATA,
  SSE_METADATA,
} from '@nestjs/common/constants.js';
import { RouteParamtypes } from '@nestjs/common/internal';
import { ExecutionContextHost } from '@nestjs/core/helpers/execution-context-host.js';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { type ControllerMethod, type RouteParameter, routeParameters } from './controller-methods.js';
import { JSON_TYPE } from './json-type.js';
import { ReadyJson } from './ready-json.js';
import { ValidationPipe } from './validation.pipe.js';

const KEY = 'roomcast:direct';
const CREATED = 201;

/** What else Nest would do for a route: whoever wants one of these wants Nest to carry the route out. */
const BEYOND = [
  GUARDS_METADATA,
  INTERCEPTORS_METADATA,
  PIPES_METADATA,
  EXCEPTION_FILTERS_METADATA,
  HEADERS_METADATA,
  REDIRECT_METADATA,
  RENDER_METADATA,
  SSE_METADATA,
];

/** A handler as Fastify takes it; it answers by itself. */
export type DirectHandler = (request: FastifyRequest, reply: FastifyReply) => void;

type Read = (context: ExecutionContextHost, request: FastifyRequest, reply: FastifyReply) => unknown;

/**
 * A route that is called all the time: `DirectRoute` carries it out instead of Nest, which waits a dozen times for what is
 * there at once. Guards of the application, schemas and errors are the same; what else Nest knows may not be used on it.
 */
export function Direct(): MethodDecorator {
  return (_target, _name, descriptor: PropertyDescriptor): void =>
    Reflect.defineMetadata(KEY, descriptor.value as object, descriptor.value as object);
}

/** The method behind a handler that Nest has made for a direct route, which carries the marks of its method; otherwise undefined. */
export function directMethodOf(handler: object): object | undefined {
  return Reflect.getMetadata(KEY, handler) as object | undefined;
}

/** Carries a `Direct` route out: the guards, the parameters, the method, the answer. It waits only where there is something to wait for. */
export class DirectRoute {
  private readonly controller: Type;
  private readonly instance: object;
  private readonly method: (...args: unknown[]) => unknown;
  private readonly status: number;
  private readonly parameters: { index: number; read: Read }[];

  /** Throws where the route uses more of Nest than this does. */
  constructor(
    route: ControllerMethod,
    private readonly guards: readonly CanActivate[],
    private readonly filter: ExceptionFilter,
  ) {
    const { controller, instance, name } = route;
    if (instance === null)
      throw new Error(`${controller.name}.${name} is @Direct() and cannot be made for each request`);
    this.controller = controller;
    this.instance = instance;
    this.method = (instance as Record<string, (...args: unknown[]) => unknown>)[name]!;
    for (const key of BEYOND) {
      if (Reflect.hasMetadata(key, this.method) || Reflect.hasMetadata(key, controller))
        throw new Error(`${controller.name}.${name} is @Direct() and cannot have ${key}`);
    }
    if (Reflect.getMetadata(METHOD_METADATA, this.method) !== RequestMethod.POST)
      throw new Error(`${controller.name}.${name} is @Direct() and no @Post()`);
    this.status = (Reflect.getMetadata(HTTP_CODE_METADATA, this.method) as number | undefined) ?? CREATED;
    this.parameters = routeParameters(route).map((one) => ({ index: one.index, read: checked(one) }));
  }

  readonly handle: DirectHandler = (request, reply) => {
    const context = new ExecutionContextHost([request, reply], this.controller, this.method);
    const fail = (error: unknown): void => void this.filter.catch(error, context);
    const answer = (result: unknown): void => {
      if (result instanceof ReadyJson) void reply.type(JSON_TYPE).send(result.text);
      else void reply.send(result);
    };
    try {
      const admitted = this.admit(context, 0);
      const result = admitted?.then(() => this.call(context, request, reply)) ?? this.call(context, request, reply);
      if (result instanceof Promise) result.then(answer).catch(fail);
      else answer(result);
    } catch (error) {
      fail(error);
    }
  };

  /** Asks the guards one after the other, from this one on; they throw. Undefined when all have answered. */
  private admit(context: ExecutionContextHost, from: number): Promise<void> | undefined {
    for (let next = from; next < this.guards.length; next++) {
      const answer = this.guards[next]!.canActivate(context);
      if (answer === false) throw new ForbiddenException();
      if (answer !== true) return this.admitLater(answer, context, next + 1);
    }
    return undefined;
  }

  private async admitLater(
    answer: ReturnType<CanActivate['canActivate']>,
    context: ExecutionContextHost,
    from: number,
  ) {
    // An observable is told apart from a refusal: no guard may pass because nobody waited for it.
    if (!(answer instanceof Promise)) throw new Error('Guards of a @Direct() route answer with a boolean or a promise');
    if ((await answer) !== true) throw new ForbiddenException();
    await this.admit(context, from);
  }

  private call(context: ExecutionContextHost, request: FastifyRequest, reply: FastifyReply): unknown {
    const args: unknown[] = [];
    for (const { index, read } of this.parameters) args[index] = read(context, request, reply);
    void reply.status(this.status);
    return this.method.apply(this.instance, args);
  }
}

function checked(parameter: RouteParameter): Read {
  const { schema, pipes } = parameter;
  const read = reader(parameter);
  if (pipes.some((pipe) => !(pipe instanceof ValidationPipe))) throw new Error('A @Direct() route has no pipes');
  if (schema === undefined) return read;
  const pipe = new ValidationPipe();
  const metadata = { schema } as ArgumentMetadata;
  return (context, request, reply) => {
    const value = pipe.transform(read(context, request, reply), metadata);
    if (value instanceof Promise) throw new Error('Schemas of a @Direct() route do not wait');
    return value;
  };
}

function reader({ type, data, factory }: RouteParameter): Read {
  if (factory) return (context) => factory(data, context);
  const named = (values: unknown): unknown => (data ? (values as Record<string, unknown>)[data] : values);
  if (type === RouteParamtypes.PARAM) return (_context, { params }) => named(params);
  if (type === RouteParamtypes.QUERY) return (_context, { query }) => named(query);
  if (type === RouteParamtypes.BODY && !data) return (_context, { body }) => body;
  if (type === RouteParamtypes.RESPONSE) return (_context, _request, reply) => reply;
  throw new Error(
    'A @Direct() route takes parameters, the query, the whole body, the reply, and decorators of our own',
  );
}
