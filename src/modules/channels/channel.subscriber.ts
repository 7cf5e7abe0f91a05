import { Injectable } from '@nestjs/common';
import { accessChanged } from '../../events/access-changes.js';
import type { EventDraft } from '../../events/domain-event.js';
import { type Change, RealtimeSubscriber } from '../../events/realtime.subscriber.js';
import { disappearsForSome, isNarrower } from './channel-level.js';
import { Channel } from './channel.entity.js';
import { toChannelView } from './channel.view.js';
import { channelPaths, channelStreams } from './channels.streams.js';

/** Turns changes of channels into events for those who see the channels, and takes out those who no longer do. */
@Injectable()
export class ChannelSubscriber extends RealtimeSubscriber<Channel> {
  readonly entity = Channel;

  describe(change: Change<Channel>): EventDraft[] {
    const { action, entity: channel, before } = change;
    const list = channelStreams.list(channel.workspaceId);
    const own = channelStreams.channel(channel.id);
    const drafts = [draft(list, action, channel)];
    if (action === 'created') return drafts;
    drafts.push(draft(own, action, channel));
    if (action === 'deleted' || before === null) return [...drafts, accessChanged({ streams: [list, own] })];
    // First of all: to those who lose sight of it, and only to them (ChannelListRooms), it is as if it were deleted.
    if (disappearsForSome(channel, before)) drafts.unshift(draft(list, 'deleted', before));
    if (isNarrower(channel, before)) drafts.push(accessChanged({ streams: [list, own] }));
    return drafts;
  }
}

function draft(stream: string, action: string, channel: Channel): EventDraft {
  return {
    stream,
    action,
    type: 'channel',
    path: channelPaths.channel(channel.name),
    resource: toChannelView(channel),
  };
}
