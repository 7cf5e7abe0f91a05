import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { Identity } from './identity.js';

/** The route needs no identity. */
export const Public = Reflector.createDecorator<void, true>({ transform: () => true });

/** The route is for administrators of the workspace. */
export const AdministratorOnly = Reflector.createDecorator<void, true>({ transform: () => true });

/** The route takes the access token as `?access_token=` too, for clients that cannot set headers. */
export const TokenInQuery = Reflector.createDecorator<void, true>({ transform: () => true });

/** What the guard leaves on the request. */
export interface RequestWithIdentity {
  headers: Record<string, string | string[] | undefined>;
  query?: unknown;
  identity?: Identity;
}

/** The identity of the caller, as the guard established it. */
export const CurrentIdentity = createParamDecorator((_data: unknown, context: ExecutionContext): Identity => {
  const { identity } = context.switchToHttp().getRequest<RequestWithIdentity>();
  if (!identity) throw new Error('CurrentIdentity on a public route');
  return identity;
});
