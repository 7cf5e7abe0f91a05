import { Injectable } from '@nestjs/common';
import type { Identity } from '../../auth/identity.js';
import type { JsonObject } from '../../common/json.js';
import type { Feed } from '../../realtime/session.js';
import { Waiters } from '../../realtime/waiters.js';
import { ChannelHistory, MESSAGE_TYPES } from './channel-history.js';
import { roomOf } from './channel-publishing.js';
import { ChannelAccess } from './channels.access.js';
import { channelForbidden } from './channels.errors.js';
import { channelStreams } from './channels.streams.js';

export interface Poll {
  /** The caller as they are when the request arrives. */
  identity: Identity;
  /** Who they are by the time that something has come; null when their credential is of no more use. */
  identityNow: () => Promise<Identity | null>;
  name: string;
  room: string | null;
  /** Undefined: only what is published from now on. */
  lastId: number | undefined;
}

/** Waits for the next message of a channel, on behalf of one request. */
@Injectable()
export class ChannelPolling {
  constructor(
    private readonly access: ChannelAccess,
    private readonly messages: ChannelHistory,
    private readonly waiters: Waiters,
  ) {}

  /** The message, or null when the signal ended the wait before there was one. */
  async next({ identity, identityNow, name, room, lastId }: Poll, signal: AbortSignal): Promise<JsonObject | null> {
    const { fence } = this.waiters;
    const { channel } = await this.access.require(identity, 'subscribe', name);
    const wantedRoom = roomOf(channel, room);
    const wanted = {
      stream: channelStreams.channel(channel.id),
      room: wantedRoom,
      types: MESSAGE_TYPES,
      backlog:
        lastId === undefined || lastId < 0
          ? undefined
          : { after: lastId, first: (feed: Feed) => this.messages.first(feed, wantedRoom, lastId) },
    };
    const event = await this.waiters.next(wanted, signal);
    if (event === null) return null;
    // Somebody's access has changed since the question: perhaps theirs.
    if (event.fence > fence) await this.askAgain(await identityNow(), channel.id, name);
    return event.resource;
  }

  private async askAgain(identity: Identity | null, channelId: number, name: string): Promise<void> {
    if (identity === null) throw channelForbidden();
    const { channel } = await this.access.require(identity, 'subscribe', name);
    if (channel.id !== channelId) throw channelForbidden();
  }
}
