import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import { authorOf, callerKey } from '../../auth/identity.js';
import { currentRequest } from '../../common/request-context.js';
import { RateLimits, tooManyRequests } from '../../limits/rate-limits.js';
import { type CalledRequest, Callers } from './callers.js';

/** Stands before every route of an instance: says who calls, and counts what they call. */
@Injectable()
export class InstanceGuard implements CanActivate {
  constructor(
    private readonly callers: Callers,
    private readonly limits: RateLimits,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const request = context.switchToHttp().getRequest<CalledRequest>();
    const caller = await this.callers.identify(request);
    request.caller = caller;
    const { identity } = caller;
    const current = currentRequest();
    if (current) Object.assign(current, { author: authorOf(identity), workspaceId: identity.workspaceId });
    // Polls wait most of the time, and are slowed down only when they fail (PollStorms).
    const wait = isPoll(request) ? 0 : await this.limits.hit('member', callerKey(identity));
    if (wait > 0) throw tooManyRequests(wait);
    return true;
  }
}

function isPoll({ routeOptions }: CalledRequest): boolean {
  return /\/poll\/?$/.test(routeOptions.url ?? '');
}
