import type { INestApplication, Type } from '@nestjs/common';
import { ROUTE_ARGS_METADATA } from '@nestjs/common/constants.js';
import { MetadataScanner, ModulesContainer } from '@nestjs/core';
import { ValidationPipe } from './validation.pipe.js';

/** What Nest's decorators note about a parameter of a route. */
interface ParameterMetadata {
  schema?: unknown;
  pipes: unknown[];
}

/**
 * Checks every body, query and parameter that names a schema, on every route of the application; call it before `init`.
 * A global pipe would do the same, but it also makes Nest wait for each parameter that names none: a third of the
 * promises of a request.
 */
export function validateParameters(app: INestApplication): void {
  const pipe = new ValidationPipe();
  const methods = new MetadataScanner();
  for (const { controllers } of app.get(ModulesContainer).values()) {
    for (const { metatype } of controllers.values()) {
      if (!metatype) continue;
      const { prototype } = metatype as Type;
      for (const method of methods.getAllMethodNames(prototype)) {
        parametersOf(metatype as Type, method)
          .filter(needsPipe)
          .forEach(({ pipes }) => pipes.push(pipe));
      }
    }
  }
}

function parametersOf(controller: Type, method: string): ParameterMetadata[] {
  const noted = Reflect.getMetadata(ROUTE_ARGS_METADATA, controller, method) as
    Record<string, ParameterMetadata> | undefined;
  return Object.values(noted ?? {});
}

/** Decorators run once for all applications of a process; so the pipe may be there already. */
function needsPipe({ schema, pipes }: ParameterMetadata): boolean {
  return schema !== undefined && !pipes.some((pipe) => pipe instanceof ValidationPipe);
}
