import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { callerKey, type Identity } from '../auth/identity.js';
import { PerRoute } from '../common/http/per-route.js';
import { clientAddress } from './client-address.js';
import { LimitedAsLogin, LimitedByRoom } from './limit.decorators.js';
import { RateLimits, roomKey, tooManyRequests } from './rate-limits.js';

interface LimitedRequest {
  ip: string;
  params: Record<string, string>;
  body: unknown;
  identity?: Identity;
}

/** What the marks of a route say about what is counted. */
interface Counted {
  /** The name of the room that the route speaks into, with the route's parameters in it. */
  room: string | null;
  login: boolean;
}

const MAX_EMAIL_LENGTH = 254;

/** Stands behind the guard that knows who asks: counts the requests of each caller, into each room, and of logins. */
@Injectable()
export class RequestLimitGuard implements CanActivate {
  private readonly counted = new PerRoute<Counted>((context) => ({
    room: this.reflector.get(LimitedByRoom, context.getHandler()) ?? null,
    login: this.reflector.get(LimitedAsLogin, context.getClass()) ?? false,
  }));

  constructor(
    private readonly reflector: Reflector,
    private readonly limits: RateLimits,
  ) {}

  canActivate(context: ExecutionContext): boolean | Promise<boolean> {
    if (context.getType() !== 'http') return true;
    const waits = this.count(context.switchToHttp().getRequest<LimitedRequest>(), context);
    if (waits.every((wait) => typeof wait === 'number')) return pass(waits);
    return Promise.all(waits.map(async (wait) => wait)).then(pass);
  }

  private count(request: LimitedRequest, context: ExecutionContext): (number | Promise<number>)[] {
    const { identity, params } = request;
    const { room, login } = this.counted.of(context);
    if (identity) {
      const waits = [this.limits.hit('member', callerKey(identity))];
      if (room !== null) waits.push(this.limits.hit('room', roomKey(identity, named(room, params))));
      return waits;
    }
    if (!login) return [];
    const address = clientAddress(request.ip);
    const waits = [this.limits.hit('login_ip', address)];
    const email = emailIn(request.body);
    if (email !== null) waits.push(this.limits.hit('login', `${address} ${email}`));
    return waits;
  }
}

function pass(waits: number[]): true {
  const wait = Math.max(0, ...waits);
  if (wait > 0) throw tooManyRequests(wait);
  return true;
}

/** `/channels/:name` with the values of the route's parameters. */
function named(room: string, params: Record<string, string>): string {
  return room.replace(/:(\w+)/g, (_all, name: string) => params[name] ?? '');
}

/** The body has not been checked yet. */
function emailIn(body: unknown): string | null {
  const email = (body as { email?: unknown } | null | undefined)?.email;
  return typeof email === 'string' ? email.trim().toLowerCase().slice(0, MAX_EMAIL_LENGTH) : null;
}
