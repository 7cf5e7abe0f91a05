import { Injectable } from '@nestjs/common';
import { RateLimits, TOO_MANY_REQUESTS } from '../../limits/rate-limits.js';
import { Presence } from '../../realtime/presence/presence.js';
import type { Session } from '../../realtime/session.js';
import { presenceRequest } from './twake.requests.js';

type AskedId = string | number;

/** The acknowledged requests about presence (docs/dialects/socket-io.md). Each gives what to acknowledge with. */
@Injectable()
export class TwakePresence {
  constructor(
    private readonly presence: Presence,
    private readonly limits: RateLimits,
  ) {}

  /** Who of these is online: ids as they were given; those not seen lately, or of another workspace, are left out. */
  async get(session: Session | null, payload: unknown): Promise<object> {
    if (!session) return failure('Not authenticated', 'request.invalid');
    const asked = presenceRequest.safeParse(payload).data?.data;
    if (!asked) return failure('Malformed request: data', 'request.invalid');
    const wait = await this.limits.socketRequest(session.identity);
    if (wait > 0) return { ...failure(TOO_MANY_REQUESTS.message, TOO_MANY_REQUESTS.code), retry_after: wait };
    const { workspaceId } = session.identity;
    const statuses = asked.map((id): [AskedId, boolean | null] => [id, this.status(workspaceId, id)]);
    return { data: statuses.filter(([, online]) => online !== null) };
  }

  /** A member is online by being connected, so there is nothing to refresh. */
  set(session: Session | null): Promise<object | undefined> {
    return Promise.resolve(session ? undefined : failure('Not authenticated', 'request.invalid'));
  }

  private status(workspaceId: number, given: AskedId): boolean | null {
    return MEMBER_ID.test(String(given)) ? this.presence.status(workspaceId, Number(given)) : null;
  }
}

/** As in `idText`, which takes too long for a thousand of them. */
const MEMBER_ID = /^[1-9]\d{0,14}$/;

/** The same text under both names, as in the other answers of this protocol. */
function failure(text: string, code: string): object {
  return { error: text, message: text, code };
}
