import type { INestApplicationContext, Type } from '@nestjs/common';
import { PATH_METADATA, ROUTE_ARGS_METADATA } from '@nestjs/common/constants';
import { DiscoveryService, Reflector } from '@nestjs/core';
import { FASTIFY_ROUTE_CONFIG_METADATA } from '@nestjs/platform-fastify/constants';
import { AdministratorOnly, Public } from '../auth/auth.decorators.js';
import type { KnownError } from '../common/domain-error.js';
import { errorsThrownBy } from '../common/http/throws.js';

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

/** Finds the route of an operation by the name that the description gives it, `<controller>_<method>`, and its path. */
export class ApiRoutes {
  private readonly controllers: Type[];

  constructor(app: INestApplicationContext) {
    const found = app.get(DiscoveryService, { strict: false }).getControllers();
    this.controllers = found.map(({ metatype }) => metatype as Type);
  }

  find(operationId: string, path: string): ApiRoute {
    const [name, method] = operationId.split('_') as [string, string];
    const controller = this.controllers.find((one) => one.name === name && path.startsWith(prefixOf(one)));
    const handler = (controller?.prototype as Record<string, unknown> | undefined)?.[method];
    if (!controller || typeof handler !== 'function') throw new Error(`No controller has the route ${operationId}`);
    const reflector = new Reflector();
    const marked = (mark: typeof Public): boolean => reflector.getAllAndOverride(mark, [handler, controller]) === true;
    return {
      public: marked(Public),
      administratorOnly: marked(AdministratorOnly),
      validated: isValidated(controller, method),
      config: Reflect.getMetadata(FASTIFY_ROUTE_CONFIG_METADATA, handler),
      throws: errorsThrownBy(controller, handler),
    };
  }
}

/** The path of a controller as descriptions write it. */
function prefixOf(controller: Type): string {
  return `/${String(Reflect.getMetadata(PATH_METADATA, controller)).replace(/:(\w+)/g, '{$1}')}`.replace('//', '/');
}

function isValidated(controller: Type, method: string): boolean {
  const args = Reflect.getMetadata(ROUTE_ARGS_METADATA, controller, method) as Record<string, object> | undefined;
  return Object.values(args ?? {}).some((arg) => 'schema' in arg && arg.schema !== undefined);
}
