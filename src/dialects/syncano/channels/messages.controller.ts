import { Body, Get, Param, Post, Query } from '@nestjs/common';
import type { JsonObject } from '../../../common/json.js';
import { RateLimits, roomKey, tooManyRequests } from '../../../limits/rate-limits.js';
import {
  BodyLimit,
  ChannelAccess,
  ChannelMessagesService,
  ChannelPublishing,
  PUBLISH_BODY_LIMIT,
} from '../../../modules/channels/index.js';
import { type Caller, CurrentCaller } from '../callers.js';
import { readAfter, requireWriter } from '../sight.js';
import { InstanceController } from '../syncano.controllers.js';
import { notFound, parentMissing } from '../wire/errors.js';
import { idOrNone } from '../wire/ids.js';
import { paths } from '../wire/links.js';
import { pageOf, pageQuery, parameter, type Query as WireQuery, type WireList } from '../wire/lists.js';
import { ChannelSight } from './channel-sight.js';
import { publishForm, roomIn } from './message.form.js';
import { historyShape } from './message.shape.js';

const channelMissing = () => parentMissing('Channel');

/** What is said in a channel: saying it, and reading it back. */
@InstanceController('/channels/:name')
export class MessagesController {
  constructor(
    private readonly publishing: ChannelPublishing,
    private readonly messages: ChannelMessagesService,
    private readonly access: ChannelAccess,
    private readonly sight: ChannelSight,
    private readonly limits: RateLimits,
  ) {}

  @Post('publish')
  @BodyLimit(PUBLISH_BODY_LIMIT)
  async publish(
    @CurrentCaller() caller: Caller,
    @Param('name') name: string,
    @Body() body: unknown,
  ): Promise<JsonObject> {
    const { identity, instance } = caller;
    requireWriter(identity);
    const wait = await this.limits.hit('room', roomKey(identity, `/channels/${name}`));
    if (wait > 0) throw tooManyRequests(wait);
    const publish = async (): Promise<JsonObject> => {
      const message = await readAfter(
        () => this.publishing.requirePublisher(identity, name),
        () => publishForm(body),
      );
      return this.publishing.publish(identity, name, message);
    };
    const message = await this.sight.of(caller, name, publish, channelMissing);
    return historyShape(instance.name, name.toLowerCase(), message);
  }

  @Get('history')
  async history(
    @CurrentCaller() caller: Caller,
    @Param('name') name: string,
    @Query() query: WireQuery,
  ): Promise<WireList> {
    const { identity, instance } = caller;
    const channel = name.toLowerCase();
    const read = async () => {
      const { room, page, lastId } = await readAfter(
        () => this.access.require(identity, 'subscribe', name),
        () => ({ room: roomIn(query) ?? undefined, page: pageQuery(query, 'desc'), lastId: newerThan(query) }),
      );
      // A page of nothing still says who may not see it.
      if (page.size === 0) await this.messages.history(identity, name, { room, limit: 1 });
      return pageOf({
        path: paths.history(instance.name, channel),
        query,
        page,
        repeats: ['room', 'last_id'],
        fetch: async ({ limit, after = 0, before, newestFirst }) => {
          const order = newestFirst ? 'newest' : 'oldest';
          const stretch = { room, last_id: Math.max(after, lastId), before, limit: limit + 1, order } as const;
          return (await this.messages.history(identity, name, stretch)).records;
        },
        idOf: ({ id }) => id as number,
      });
    };
    const { next, prev, rows } = await this.sight.of(caller, name, read, channelMissing);
    return { next, prev, objects: rows.map((message) => historyShape(instance.name, channel, message)) };
  }

  /** Whoever has to name the room to read it has to name it here too. */
  @Get('history/:id')
  async message(
    @CurrentCaller() caller: Caller,
    @Param('name') name: string,
    @Param('id') idText: string,
    @Query() query: WireQuery,
  ): Promise<JsonObject> {
    const { identity, instance } = caller;
    const id = idOrNone(idText);
    const find = async (): Promise<JsonObject | null> =>
      this.messages.find(identity, name, id ?? 1, roomIn(query) ?? undefined);
    const found = await this.sight.of(caller, name, find, channelMissing);
    if (id === null || found === null) throw notFound();
    return historyShape(instance.name, name.toLowerCase(), found);
  }
}

/** What is no number is ignored. */
function newerThan(query: WireQuery): number {
  const text = parameter(query, 'last_id') ?? '';
  return /^\d{1,15}$/.test(text) ? Number(text) : 0;
}
