import { type ChannelCaller, type ChannelLevel } from './channel-level.js';
import { type ChannelList, hears } from './channel-list.service.js';

const NOW = 10;
const member: ChannelCaller = { atLeast: 'none', atMost: 'publish', groupIds: new Set([7]) };

/** The list as the session got it when its stream stood at 10; null: the channel is gone. */
const listed = (now: ChannelLevel | null): ChannelList => ({
  seq: NOW,
  channels: new Map(now === null ? [] : [[1, { groupId: null, groupPermissions: 'none', otherPermissions: now }]]),
});

const event = (seq: number, action: string, then: ChannelLevel) => ({
  seq,
  action,
  resource: { id: 1, group: null, group_permissions: 'none', other_permissions: then },
});

describe('an event of the stream of all channels', () => {
  it.each<[number, string, ChannelLevel, ChannelLevel | null, boolean]>([
    // seq  action     in sight then  now        heard
    [9, 'created', 'subscribe', 'subscribe', true],
    [9, 'created', 'none', 'subscribe', false],
    [9, 'updated', 'subscribe', 'none', false],
    [9, 'updated', 'subscribe', null, false],
    [10, 'deleted', 'subscribe', 'none', true],
    [10, 'deleted', 'subscribe', null, true],
    [10, 'deleted', 'subscribe', 'subscribe', false],
    [10, 'deleted', 'none', null, false],
    [11, 'updated', 'subscribe', 'none', true],
    [11, 'created', 'subscribe', null, true],
    [11, 'updated', 'none', 'subscribe', false],
  ])('number %i, %s, %s then, %s at 10: heard %s', (seq, action, then, now, heard) => {
    expect(hears(member, listed(now), event(seq, action, then))).toBe(heard);
  });
});
