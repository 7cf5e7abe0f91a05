import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { currentRequest } from '../common/request-context.js';
import { AdministratorOnly, Public, type RequestWithIdentity, TokenInQuery } from './auth.decorators.js';
import { administratorsOnly } from './auth.errors.js';
import { authorOf, type Identity } from './identity.js';
import { RequestCredentials } from './request-credentials.js';

/** Stands before every REST route: establishes who asks (access token or API key) and whether the route is theirs. */
@Injectable()
export class AuthGuard implements CanActivate {
  constructor(
    private readonly reflector: Reflector,
    private readonly credentials: RequestCredentials,
  ) {}

  canActivate(context: ExecutionContext): boolean | Promise<boolean> {
    if (context.getType() !== 'http' || this.marked(Public, context)) return true;
    const request = context.switchToHttp().getRequest<RequestWithIdentity>();
    if (this.marked(TokenInQuery, context)) takeTokenFromQuery(request);
    const identity = this.credentials.identify(request.headers);
    if (!(identity instanceof Promise)) return this.admit(identity, request, context);
    return identity.then((found) => this.admit(found, request, context));
  }

  private admit(identity: Identity, request: RequestWithIdentity, context: ExecutionContext): true {
    request.identity = identity;
    const current = currentRequest();
    if (current) Object.assign(current, { author: authorOf(identity), workspaceId: identity.workspaceId });
    if (this.marked(AdministratorOnly, context) && !identity.administrator) {
      throw administratorsOnly();
    }
    return true;
  }

  private marked(decorator: typeof Public, context: ExecutionContext): boolean {
    return this.reflector.getAllAndOverride(decorator, [context.getHandler(), context.getClass()]) === true;
  }
}

function takeTokenFromQuery({ headers, query }: RequestWithIdentity): void {
  const token = (query as { access_token?: unknown } | undefined)?.access_token;
  if (headers.authorization === undefined && typeof token === 'string') headers.authorization = `Bearer ${token}`;
}
