import { Injectable } from '@nestjs/common';
import { AccessPolicy } from '../../access/access-policy.js';
import type { Identity } from '../../auth/identity.js';
import { type OpenRoom, RoomKind, type RoomSource } from '../../realtime/room-source.js';
import { ChannelCallers } from './channel-callers.js';
import { ChannelListService, hears } from './channel-list.service.js';
import { fromSegment, roomName } from './channel-name.js';
import { ChannelAccess, type ChannelDecision, type ChannelsThing } from './channels.access.js';
import { channelStreams } from './channels.streams.js';

/** The room of all channels: each member hears of those that they may see. */
@Injectable()
@RoomKind('/channels')
export class ChannelListRooms implements RoomSource {
  constructor(
    private readonly policy: AccessPolicy,
    private readonly callers: ChannelCallers,
    private readonly lists: ChannelListService,
  ) {}

  async open(_params: Record<string, string>, identity: Identity): Promise<OpenRoom | null> {
    const { workspaceId } = identity;
    const thing: ChannelsThing = { kind: 'channels', workspaceId };
    if (!(await this.policy.can(identity, 'subscribe', thing))) return null;
    const caller = await this.callers.of(identity);
    const list = await this.lists.current(workspaceId);
    return { stream: channelStreams.list(workspaceId), sees: (event) => hears(caller, list, event) };
  }
}

/** The room of one channel: its messages and its changes; of a channel with separate rooms only the changes. */
@Injectable()
@RoomKind('/channels/:name')
export class ChannelRooms implements RoomSource {
  constructor(private readonly access: ChannelAccess) {}

  async open({ name }: Record<string, string>, identity: Identity): Promise<OpenRoom | null> {
    const decision = await mayJoin(this.access, name!, identity);
    return decision && { stream: channelStreams.channel(decision.channel.id), sees: decision.sees };
  }
}

/** One sub-room of a channel with separate rooms: its messages, and the changes of the channel. */
@Injectable()
@RoomKind('/channels/:name/rooms/:room')
export class ChannelSubRooms implements RoomSource {
  constructor(private readonly access: ChannelAccess) {}

  async open({ name, room: segment }: Record<string, string>, identity: Identity): Promise<OpenRoom | null> {
    const room = roomName.safeParse(fromSegment(segment!)).data;
    if (room === undefined) return null;
    const decision = await mayJoin(this.access, name!, identity);
    if (decision?.channel.type !== 'separate_rooms') return null;
    const stream = channelStreams.channel(decision.channel.id);
    return { stream, sees: (event) => event.room === room || event.room === null };
  }
}

async function mayJoin(access: ChannelAccess, segment: string, identity: Identity): Promise<ChannelDecision | null> {
  const name = fromSegment(segment);
  if (name === null) return null;
  const decision = await access.decide(identity, { kind: 'channel', workspaceId: identity.workspaceId, name });
  return decision?.actions.has('subscribe') ? decision : null;
}
