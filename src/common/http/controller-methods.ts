import type { ArgumentMetadata, ExecutionContext, INestApplicationContext, Type } from '@nestjs/common';
import { ROUTE_ARGS_METADATA } from '@nestjs/common/constants.js';
import type { RouteParamtypes } from '@nestjs/common/internal';
import { MetadataScanner, ModulesContainer } from '@nestjs/core';

/** A method of a controller; not each of them is a route. */
export interface ControllerMethod {
  controller: Type;
  name: string;
  /** The one controller that serves everybody; null where each request gets its own. */
  instance: object | null;
}

/** What Nest's decorators note about a parameter of a route. */
export interface RouteParameter {
  index: number;
  /** What it is taken from; none for decorators of our own, which have a factory. */
  type: RouteParamtypes | undefined;
  data?: string;
  factory?: (data: unknown, context: ExecutionContext) => unknown;
  schema?: ArgumentMetadata['schema'];
  pipes: unknown[];
}

/** The methods of all controllers of the application, its feature modules included. */
export function* controllerMethods(app: INestApplicationContext): Generator<ControllerMethod> {
  const scanner = new MetadataScanner();
  for (const { controllers } of app.get(ModulesContainer).values()) {
    for (const wrapper of controllers.values()) {
      const controller = wrapper.metatype as Type | null;
      if (!controller) continue;
      const instance = wrapper.isDependencyTreeStatic() ? (wrapper.instance as object) : null;
      for (const name of scanner.getAllMethodNames(controller.prototype as object))
        yield { controller, name, instance };
    }
  }
}

/** What a route asks Nest for, in no order. */
export function routeParameters({ controller, name }: ControllerMethod): RouteParameter[] {
  const noted = (Reflect.getMetadata(ROUTE_ARGS_METADATA, controller, name) ?? {}) as Record<string, RouteParameter>;
  // Only the key tells where a value comes from.
  return Object.entries(noted).map(([key, one]) => ({
    ...one,
    type: one.factory ? undefined : Number.parseInt(key, 10),
  }));
}

/** The parameters of a method whose value a schema checks. */
export function validatedParameters(method: ControllerMethod): RouteParameter[] {
  return routeParameters(method).filter(({ schema }) => schema !== undefined);
}
