import { type INestApplicationContext, RequestMethod, type Type } from '@nestjs/common';
import { METHOD_METADATA, PATH_METADATA, ROUTE_ARGS_METADATA } from '@nestjs/common/constants';
import { DiscoveryService, MetadataScanner, Reflector } from '@nestjs/core';
import { FASTIFY_ROUTE_CONFIG_METADATA } from '@nestjs/platform-fastify/constants';
import { AdministratorOnly, Public } from '../auth/auth.decorators.js';
import type { KnownError } from '../common/domain-error.js';
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
  const scanner = new MetadataScanner();
  const found = new Map<string, ApiRoute>();
  for (const { metatype } of app.get(DiscoveryService, { strict: false }).getControllers()) {
    const controller = metatype as Type<Record<string, Handler>>;
    for (const name of scanner.getAllMethodNames(controller.prototype as object)) {
      const address = addressOf(controller, controller.prototype[name]!);
      if (address !== null) found.set(address, routeOf(controller, name));
    }
  }
  return found;
}

/** Null for a method that is no route. */
function addressOf(controller: Type, handler: Handler): string | null {
  const path = Reflect.getMetadata(PATH_METADATA, handler) as string | undefined;
  if (path === undefined) return null;
  const method = RequestMethod[Reflect.getMetadata(METHOD_METADATA, handler) as RequestMethod];
  const steps = `${String(Reflect.getMetadata(PATH_METADATA, controller))}/${path}`.split('/').filter(Boolean);
  return `${method} /${steps.join('/').replace(/:(\w+)/g, '{$1}')}`;
}

function routeOf(controller: Type<Record<string, Handler>>, name: string): ApiRoute {
  const handler = controller.prototype[name] as Handler;
  const reflector = new Reflector();
  const marked = (mark: typeof Public): boolean => reflector.getAllAndOverride(mark, [handler, controller]) === true;
  return {
    public: marked(Public),
    administratorOnly: marked(AdministratorOnly),
    validated: isValidated(controller, name),
    config: Reflect.getMetadata(FASTIFY_ROUTE_CONFIG_METADATA, handler),
    throws: errorsThrownBy(controller, handler),
  };
}

function isValidated(controller: Type, name: string): boolean {
  const args = Reflect.getMetadata(ROUTE_ARGS_METADATA, controller, name) as Record<string, object> | undefined;
  return Object.values(args ?? {}).some((arg) => 'schema' in arg && arg.schema !== undefined);
}
