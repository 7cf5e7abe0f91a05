import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { PerRoute } from '../common/http/per-route.js';
import { currentRequest } from '../common/request-context.js';
import { AdministratorOnly, Public, type RequestWithIdentity, TokenInQuery } from './auth.decorators.js';
import { administratorsOnly } from './auth.errors.js';
import { authorOf, type Identity } from './identity.js';
import { RequestCredentials } from './request-credentials.js';

/** What the marks of a route say about who may ask, and how. */
interface Entrance {
  open: boolean;
  administratorsOnly: boolean;
  tokenInQuery: boolean;
}

/** Stands before every REST route: establishes who asks (access token or API key) and whether the route is theirs. */
@Injectable()
export class AuthGuard implements CanActivate {
  private readonly entrances = new PerRoute<Entrance>((context) => ({
    open: this.marked(Public, context),
    administratorsOnly: this.marked(AdministratorOnly, context),
    tokenInQuery: this.marked(TokenInQuery, context),
  }));

  constructor(
    private readonly reflector: Reflector,
    private readonly credentials: RequestCredentials,
  ) {}

  canActivate(context: ExecutionContext): boolean | Promise<boolean> {
    if (context.getType() !== 'http') return true;
    const entrance = this.entrances.of(context);
    if (entrance.open) return true;
    const request = context.switchToHttp().getRequest<RequestWithIdentity>();
    if (entrance.tokenInQuery) takeTokenFromQuery(request);
    const identity = this.credentials.identify(request.headers);
    if (!(identity instanceof Promise)) return this.admit(identity, request, entrance);
    return identity.then((found) => this.admit(found, request, entrance));
  }

  private admit(identity: Identity, request: RequestWithIdentity, entrance: Entrance): true {
    request.identity = identity;
    const current = currentRequest();
    if (current) {
      current.author = authorOf(identity);
      current.workspaceId = identity.workspaceId;
    }
    if (entrance.administratorsOnly && !identity.administrator) throw administratorsOnly();
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
