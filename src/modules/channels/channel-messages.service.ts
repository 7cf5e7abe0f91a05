import { Injectable } from '@nestjs/common';
import type { Identity } from '../../auth/identity.js';
import type { JsonObject } from '../../common/json.js';
import { Transactions } from '../../database/transactions.js';
import { EventLog } from '../../events/event-log.js';
import { ChannelHistory } from './channel-history.js';
import type { ChannelHistoryPage, ReadHistory } from './channel-messages.schemas.js';
import { roomOf } from './channel-publishing.js';
import { ChannelAccess, type ChannelDecision } from './channels.access.js';
import { channelStreams } from './channels.streams.js';

/** Reads back what was published to channels. A message is its event in the log, and nothing else. */
@Injectable()
export class ChannelMessagesService {
  constructor(
    private readonly transactions: Transactions,
    private readonly access: ChannelAccess,
    private readonly log: EventLog,
    private readonly messages: ChannelHistory,
  ) {}

  /** One message; null when there is none of that number in the room, or none any more. */
  async find(identity: Identity, name: string, id: number, room?: string): Promise<JsonObject | null> {
    const { records } = await this.history(identity, name, { room, last_id: id - 1, before: id + 1, limit: 1 });
    return records[0] ?? null;
  }

  /** Newest first, unless asked otherwise. Where rooms are separate, only those who read them all may leave the room open. */
  async history(
    identity: Identity,
    name: string,
    query: ReadHistory & { order?: 'newest' | 'oldest' },
  ): Promise<ChannelHistoryPage> {
    return this.transactions.snapshot(async (manager) => {
      const decision = await this.access.require(identity, 'subscribe', name, { manager });
      const { seq, epoch } = await this.log.head(channelStreams.channel(decision.channel.id), manager);
      const room = roomToRead(decision, query.room ?? null);
      const records = await this.messages.page(manager, decision.channel.id, { ...query, room, head: seq });
      return { records, position: seq, epoch };
    });
  }
}

/** The one room to read: null where there are none, undefined for all of them. */
function roomToRead({ channel, actions }: ChannelDecision, room: string | null): string | null | undefined {
  if (channel.type === 'separate_rooms' && room === null && actions.has('read_all_rooms')) return undefined;
  return roomOf(channel, room);
}
