import type { INestApplicationContext, Type } from '@nestjs/common';
import { ROUTE_ARGS_METADATA } from '@nestjs/common/constants.js';
import { MetadataScanner, ModulesContainer } from '@nestjs/core';

/** A method of a controller; not each of them is a route. */
export interface ControllerMethod {
  controller: Type;
  name: string;
}

/** What Nest's decorators note about a parameter of a route. */
export interface ParameterMetadata {
  schema?: unknown;
  pipes: unknown[];
}

/** The methods of all controllers of the application, its feature modules included. */
export function* controllerMethods(app: INestApplicationContext): Generator<ControllerMethod> {
  const scanner = new MetadataScanner();
  for (const { controllers } of app.get(ModulesContainer).values()) {
    for (const { metatype } of controllers.values()) {
      const controller = metatype as Type | null;
      if (!controller) continue;
      for (const name of scanner.getAllMethodNames(controller.prototype as object)) yield { controller, name };
    }
  }
}

/** The parameters of a method whose value a schema checks. */
export function validatedParameters({ controller, name }: ControllerMethod): ParameterMetadata[] {
  const noted = Reflect.getMetadata(ROUTE_ARGS_METADATA, controller, name) as
    Record<string, ParameterMetadata> | undefined;
  return Object.values(noted ?? {}).filter(({ schema }) => schema !== undefined);
}
