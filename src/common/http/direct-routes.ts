import type { CanActivate, ExceptionFilter, INestApplicationContext } from '@nestjs/common';
import { ModulesContainer } from '@nestjs/core';
import { controllerMethods } from './controller-methods.js';
import { type DirectHandler, directMethodOf, DirectRoute } from './direct-route.js';

/** The handlers of all `@Direct()` routes by their methods; none where a module wants a say in what only Nest asks about, or has a guard that is made for each request. */
export function directRoutes(app: INestApplicationContext, filter: ExceptionFilter): Map<object, DirectHandler> {
  const routes = new Map<object, DirectHandler>();
  const found = enhancers(app);
  if (found.some(({ subtype, isStatic }) => subtype !== 'guard' || !isStatic)) return routes;
  const guards = found.map(({ instance }) => instance as CanActivate);
  for (const route of controllerMethods(app)) {
    const method = (route.controller.prototype as Record<string, object>)[route.name]!;
    if (directMethodOf(method) === undefined) continue;
    routes.set(method, new DirectRoute(route, guards, filter).handle);
  }
  return routes;
}

interface Enhancer {
  /** guard, interceptor, pipe or filter. */
  subtype: string;
  instance: unknown;
  /** There is one of it for everybody. */
  isStatic: boolean;
}

/** What modules provide as APP_GUARD, APP_INTERCEPTOR, APP_PIPE and APP_FILTER, in Nest's own order. */
function enhancers(app: INestApplicationContext): Enhancer[] {
  const found: Enhancer[] = [];
  for (const { providers, injectables } of app.get(ModulesContainer).values()) {
    for (const wrapper of [...providers.values(), ...injectables.values()]) {
      const { token, subtype, instance } = wrapper;
      // Those of a single route have a class for their token.
      if (subtype === undefined || typeof token !== 'string') continue;
      found.push({ subtype, instance, isStatic: wrapper.isDependencyTreeStatic() });
    }
  }
  return found;
}
