import { Injectable, Logger } from '@nestjs/common';
import type { z } from 'zod';
import { Authenticator } from '../../auth/authenticator.js';
import { RoomTokens } from '../../auth/room-tokens.js';
import { isUnavailable } from '../../common/connection-errors.js';
import { DomainError } from '../../common/domain-error.js';
import type { JsonValue } from '../../common/json.js';
import { RateLimits, TOO_MANY_REQUESTS } from '../../limits/rate-limits.js';
import { Hub } from '../../realtime/hub.js';
import { RoomDirectory } from '../../realtime/room-directory.js';
import { type ResumeFrom, RoomJoiner } from '../../realtime/room-joiner.js';
import type { Session } from '../../realtime/session.js';
import { NOT_AUTHORIZED, UNAVAILABLE } from './twake.dialect.js';
import { eventRequest, joinRequest, leaveRequest } from './twake.requests.js';

export type Reply = (event: string, payload?: unknown) => void;

/** Requests about rooms (docs/dialects/socket-io.md): checks their form and their token, leaves the rest to the core. */
@Injectable()
export class TwakeRooms {
  private readonly logger = new Logger(TwakeRooms.name);

  constructor(
    private readonly joiner: RoomJoiner,
    private readonly directory: RoomDirectory,
    private readonly hub: Hub,
    private readonly roomTokens: RoomTokens,
    private readonly authenticator: Authenticator,
    private readonly limits: RateLimits,
  ) {}

  /** Throws when the database is away: then nothing has been said, and the same may be tried again. */
  async join(reply: Reply, session: Session | null, payload: unknown): Promise<void> {
    const request = joinRequest.safeParse(payload);
    const refuse = (error: string, code: string): void =>
      reply('realtime:join:error', { name: nameIn(payload), error, message: error, code });
    if (!request.success) return refuse(malformed(request.error), 'request.invalid');
    const { name, token } = request.data;
    const wait = session ? await this.limits.socketRequest(session.identity) : 0;
    if (wait > 0) return reply('realtime:join:error', tooMany(name, wait));
    const opened = session !== null && (await this.opens(token, session, name));
    // It may have ended meanwhile, and nobody would take it out of the room again.
    if (session?.closed) return;
    if (!opened) return refuse(NOT_AUTHORIZED, 'room.forbidden');
    try {
      const entered = await this.joiner.join(session, name, resumeFrom(request.data), ({ position, epoch, resync }) =>
        reply('realtime:join:success', resync ? { name, position, epoch, resync } : { name, position, epoch }),
      );
      if (!entered) refuse(NOT_AUTHORIZED, 'room.forbidden');
    } catch (error) {
      if (isUnavailable(error)) throw error;
      if (error instanceof DomainError) return refuse(error.message, error.code);
      this.logger.error(error, 'A join failed');
      refuse('Error while joining room', 'internal');
    }
  }

  leave(reply: Reply, session: Session | null, payload: unknown): void {
    const request = leaveRequest.safeParse(payload);
    if (!request.success || !session) {
      const error = session ? 'Malformed request' : 'Not authenticated';
      reply('realtime:leave:error', { name: nameIn(payload), error, message: error, code: 'request.invalid' });
      return;
    }
    this.joiner.leave(session, request.data.name);
    reply('realtime:leave:success', { name: request.data.name });
  }

  async event(reply: Reply, session: Session | null, payload: unknown): Promise<void> {
    const request = eventRequest.safeParse(payload);
    const refuse = (error: string): void =>
      reply('realtime:event:error', { name: nameIn(payload), error, message: error });
    if (!request.success) return refuse(malformed(request.error));
    const { name, token, data } = request.data;
    const refusal = 'User is not authorized to emit in this room';
    try {
      if (!session || !(await this.opens(token, session, name))) return refuse(refusal);
      const wait = await this.limits.socketRequest(session.identity, name);
      if (wait > 0) return reply('realtime:event:error', tooMany(name, wait));
      const room = await this.directory.open(name, session.identity);
      if (!room) return refuse(refusal);
      const { workspaceId } = session.identity;
      this.hub.signal({ room: name, stream: room.stream, workspaceId }, (data ?? null) as JsonValue);
    } catch (error) {
      // Not kept for later: whoever typed a second ago may have stopped.
      if (isUnavailable(error))
        return reply('realtime:event:error', { name, error: UNAVAILABLE.message, ...UNAVAILABLE });
      this.logger.error(error, 'A client event failed');
      refuse('Error while sending to room');
    }
  }

  /** A room token made for exactly this member and room; where all members may be, their own access token opens too. */
  private async opens(token: unknown, session: Session, room: string): Promise<boolean> {
    const { memberId } = session.identity;
    if (this.roomTokens.opens(token, memberId, room)) return true;
    if (typeof token !== 'string' || !(room === PING_ROOM || room.startsWith(MEMBERS_ROOMS))) return false;
    try {
      return (await this.authenticator.byToken(token)).member?.memberId === memberId;
    } catch (error) {
      if (isUnavailable(error)) throw error;
      return false;
    }
  }
}

/** Rooms about the members of a workspace: open to each of them. */
const MEMBERS_ROOMS = '/users/';
/** Lets a client test its socket; nothing is ever published there. */
export const PING_ROOM = '/ping';

/** Names the fields that are wrong, never their values. */
function malformed(error: z.ZodError): string {
  const fields = [...new Set(error.issues.map((issue) => issue.path[0]).filter((field) => field !== undefined))];
  return fields.length > 0 ? `Malformed request: ${fields.map(String).join(', ')}` : 'Malformed request';
}

/** The client may send the same again after so many seconds; its socket and its rooms are as they were. */
function tooMany(name: string, retryAfter: number): object {
  const { code, message } = TOO_MANY_REQUESTS;
  return { name, error: message, message, code, retry_after: retryAfter };
}

function nameIn(payload: unknown): string | null {
  const name = (payload as { name?: unknown } | null | undefined)?.name;
  return typeof name === 'string' ? name : null;
}

function resumeFrom(request: z.infer<typeof joinRequest>): ResumeFrom | null {
  const given = request.last_id ?? request.position ?? null;
  if (given === null) return null;
  if (typeof given !== 'number') return given;
  return { seq: given, epoch: request.epoch ?? undefined };
}
