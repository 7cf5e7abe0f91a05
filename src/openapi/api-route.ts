import { type INestApplicationContext, RequestMethod } from '@nestjs/common';
import { METHOD_METADATA, PATH_METADATA } from '@nestjs/common/constants';
import { Reflector } from '@nestjs/core';
import { FASTIFY_ROUTE_CONFIG_METADATA } from '@nestjs/platform-fastify/constants';
import { AdministratorOnly, Public } from '../auth/auth.decorators.js';
import type { KnownError } from '../common/domain-error.js';
import { controllerMethods, type ControllerMethod, validatedParameters } from '../common/http/controller-methods.js';
import { errorsThrownBy } from '../common/http/throws.js';

type Handler = (...args: never[]) => unknown;

/** What the marks on one route of a controller say of it. */
export interface ApiRoute {
  public: boolean;
  administratorOnly: boolean;
  /** A schema checks its parameters, its query or its body. */
  validated: boolean;
  /** What Fastify knows of it. */
  config: unknown;
  throws: KnownError[];
}

/** The routes of all controllers, by method and path as descriptions write them: `GET /api/groups/{id}`. */
export function apiRoutes(app: INestApplicationContext): Map<string, ApiRoute> {
  const found = new Map<string, ApiRoute>();
  for (const method of controllerMethods(app)) {
    const address = addressOf(method);
    if (address !== null) found.set(address, routeOf(method));
  }
  return found;
}

/** Null for a method that is no route. */
function addressOf(method: ControllerMethod): string | null {
  const handler = handlerOf(method);
  const path = Reflect.getMetadata(PATH_METADATA, handler) as string | undefined;
  if (path === undefined) return null;
  const verb = RequestMethod[Reflect.getMetadata(METHOD_METADATA, handler) as RequestMethod];
  const steps = `${String(Reflect.getMetadata(PATH_METADATA, method.controller))}/${path}`.split('/').filter(Boolean);
  return `${verb} /${steps.join('/').replace(/:(\w+)/g, '{$1}')}`;
}

function routeOf(method: ControllerMethod): ApiRoute {
  const { controller } = method;
  const handler = handlerOf(method);
  const reflector = new Reflector();
  const marked = (mark: typeof Public): boolean => reflector.getAllAndOverride(mark, [handler, controller]) === true;
  return {
    public: marked(Public),
    administratorOnly: marked(AdministratorOnly),
    validated: validatedParameters(method).length > 0,
    config: Reflect.getMetadata(FASTIFY_ROUTE_CONFIG_METADATA, handler),
    throws: errorsThrownBy(controller, handler),
  };
}

function handlerOf({ controller, name }: ControllerMethod): Handler {
  return (controller.prototype as Record<string, Handler>)[name]!;
}
