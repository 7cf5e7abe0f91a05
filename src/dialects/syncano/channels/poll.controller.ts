import { Get, HttpStatus, Param, Query, Req, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { rateLimited } from '../../../common/domain-error.js';
import type { JsonObject } from '../../../common/json.js';
import { Settings } from '../../../config/settings.js';
import { ChannelAccess, ChannelPolling } from '../../../modules/channels/index.js';
import { Drain } from '../../../realtime/drain.js';
import { type CalledRequest, type Caller, Callers, CurrentCaller } from '../callers.js';
import { readAfter } from '../sight.js';
import { InstanceController } from '../syncano.controllers.js';
import { parentMissing, WireError } from '../wire/errors.js';
import { parameter, type Query as WireQuery } from '../wire/lists.js';
import { ChannelSight } from './channel-sight.js';
import { lastIdIn, roomIn } from './message.form.js';
import { messageShape } from './message.shape.js';

/** Waits for the next message of a channel. */
@InstanceController('/channels/:name/poll')
export class PollController {
  constructor(
    private readonly polling: ChannelPolling,
    private readonly access: ChannelAccess,
    private readonly sight: ChannelSight,
    private readonly callers: Callers,
    private readonly settings: Settings,
    private readonly drain: Drain,
  ) {}

  @Get()
  async poll(
    @CurrentCaller() caller: Caller,
    @Param('name') name: string,
    @Query() query: WireQuery,
    @Req() request: CalledRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<JsonObject | undefined> {
    if (this.drain.leaving) throw restarting();
    if (parameter(query, 'transport') === 'websocket') {
      throw new WireError(400, { detail: 'Expected WebSocket connection.' });
    }
    const gone = new AbortController();
    // Whoever hangs up waits no longer.
    if (reply.raw.destroyed) gone.abort();
    else reply.raw.once('close', () => gone.abort());
    const timeout = setTimeout(() => gone.abort(), this.settings.pollTimeoutSeconds * 1_000);
    try {
      const message = await this.next(caller, name, query, request, gone.signal);
      if (message === null && !gone.signal.aborted) throw restarting();
      void reply.header('cache-control', 'no-cache');
      if (message === null) return void reply.code(HttpStatus.NO_CONTENT);
      void reply.header('x-last-id', String(message.id));
      return messageShape(message);
    } finally {
      clearTimeout(timeout);
    }
  }

  private next(caller: Caller, name: string, query: WireQuery, request: CalledRequest, signal: AbortSignal) {
    const { identity } = caller;
    const identityNow = async () => {
      // Whatever has become of the instance or the key meanwhile, it is not theirs any more.
      const now = await this.callers.identify(request).catch(refusedToNull);
      return now?.identity ?? null;
    };
    const wait = async (): Promise<JsonObject | null> => {
      const { room, lastId } = await readAfter(
        () => this.access.require(identity, 'subscribe', name),
        () => ({ room: roomIn(query), lastId: lastIdIn(query) }),
      );
      return this.polling.next({ identity, identityNow, name, room, lastId }, signal);
    };
    return this.sight.of(caller, name, wait, () => parentMissing('Channel'));
  }
}

/** The node stops. The client waits and asks the next one, from where it stopped; after a 204 it would forget where. */
const restarting = () => rateLimited('service.restarting', 'This node stops, ask again', { retry_after: 1 });

function refusedToNull(error: unknown): null {
  if (error instanceof WireError) return null;
  throw error;
}
