import { Controller, Get, Headers, Logger, Query, Req, Res } from '@nestjs/common';
import { ApiOkResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { CurrentIdentity, TokenInQuery } from '../../auth/auth.decorators.js';
import { Authenticator } from '../../auth/authenticator.js';
import type { Identity } from '../../auth/identity.js';
import { Throws } from '../../common/http/throws.js';
import { Settings } from '../../config/settings.js';
import { roomMembersOnly, ticketErrors, tooManyRooms } from '../room.errors.js';
import { TokenExpiry } from '../token-expiry.js';
import { eventIdInvalid } from './event-stream.errors.js';
import { type EventStreamQuery, eventStreamQuery } from './event-stream.schemas.js';
import { EventStreams } from './event-streams.js';

const HEAD = {
  'content-type': 'text/event-stream; charset=utf-8',
  'cache-control': 'no-cache, no-transform',
  // Asks proxies not to keep what is meant for now.
  'x-accel-buffering': 'no',
};

/** The rooms of the core as server-sent events: for whoever has HTTP and nothing else. */
@ApiTags('realtime')
@Throws(...ticketErrors, tooManyRooms, eventIdInvalid)
@Controller('api/events')
export class EventStreamController {
  private readonly logger = new Logger(EventStreamController.name);

  constructor(
    private readonly streams: EventStreams,
    private readonly authenticator: Authenticator,
    private readonly settings: Settings,
  ) {}

  @Get()
  @TokenInQuery()
  @ApiOkResponse({ description: 'A stream of server-sent events.', content: { 'text/event-stream': {} } })
  async follow(
    @CurrentIdentity() member: Identity,
    @Query({ schema: eventStreamQuery }) { rooms, last_event_id }: EventStreamQuery,
    @Headers() headers: FastifyRequest['headers'],
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    if (member.kind !== 'member') throw roomMembersOnly();
    // Somebody asks what would come, not for it.
    if (request.method === 'HEAD') return void reply.headers(HEAD).send();
    const lastEventId = headers['last-event-id'] ?? last_event_id ?? null;
    const expiresAt = await this.endOf(headers.authorization);
    const stream = await this.streams.follow(member, rooms, lastEventId as string | null, reply.raw);
    const expiry = new TokenExpiry(() => stream.end());
    reply.raw.once('close', () => {
      expiry.stop();
      stream.close();
    });
    reply.hijack();
    // The client has gone while it was being let in.
    if (request.raw.socket.destroyed) return stream.close();
    reply.raw.writeHead(200, { ...(reply.getHeaders() as Record<string, string>), ...HEAD });
    expiry.watch(expiresAt);
    await stream.begin().catch((error: unknown) => {
      this.logger.error(error, 'A stream of events could not begin');
      reply.raw.end();
    });
  }

  /** When the token runs out; null for never. As long as sockets outlive their tokens, so does this. */
  private async endOf(authorization: string | undefined): Promise<number | null> {
    const token = authorization?.split(' ')[1];
    if (this.settings.socketTokenExpiry !== 'disconnect' || token === undefined) return null;
    return (await this.authenticator.byToken(token)).expiresAt;
  }
}
