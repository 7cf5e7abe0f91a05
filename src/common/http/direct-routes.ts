import type { CanActivate, ExceptionFilter, INestApplicationContext } from '@nestjs/common';
import { ModulesContainer } from '@nestjs/core';
import { controllerMethods } from './controller-methods.js';
import { type DirectHandler, directMethodOf, DirectRoute } from './direct-route.js';

/** The handlers of all `@Direct()` routes by their methods; none where a module wants a say in what only Nest asks about. */
export function directRoutes(app: INestApplicationContext, filter: ExceptionFilter): Map<object, DirectHandler> {
  const routes = new Map<object, DirectHandler>();
  const { guard: guards, ...others } = enhancers(app);
  if (Object.keys(others).length > 0) return routes;
  for (const route of controllerMethods(app)) {
    const method = (route.controller.prototype as Record<string, object>)[route.name]!;
    if (directMethodOf(method) === undefined) continue;
    routes.set(method, new DirectRoute(route, (guards ?? []) as CanActivate[], filter).handle);
  }
  return routes;
}

/** What modules provide as APP_GUARD, APP_INTERCEPTOR, APP_PIPE and APP_FILTER, in Nest's own order. */
function enhancers(app: INestApplicationContext): Partial<Record<string, unknown[]>> {
  const found: Record<string, unknown[]> = {};
  for (const { providers, injectables } of app.get(ModulesContainer).values()) {
    for (const { token, subtype, instance } of [...providers.values(), ...injectables.values()]) {
      // Those of a single route have a class for their token.
      if (subtype !== undefined && typeof token === 'string') (found[subtype] ??= []).push(instance);
    }
  }
  return found;
}
