import { type ChannelCaller, type ChannelLevel, disappearsForSome, isNarrower, levelOf } from './channel-level.js';

const GROUP = 7;
const inGroup: ChannelCaller = { atLeast: 'none', atMost: 'publish', groupIds: new Set([3, GROUP]) };
const outside: ChannelCaller = { atLeast: 'none', atMost: 'publish', groupIds: new Set([3]) };
const unrestricted: ChannelCaller = { atLeast: 'publish', atMost: 'publish', groupIds: new Set() };
const shutOut: ChannelCaller = { atLeast: 'none', atMost: 'none', groupIds: new Set([GROUP]) };
const reader: ChannelCaller = { atLeast: 'none', atMost: 'subscribe', groupIds: new Set() };

const channel = (groupPermissions: ChannelLevel, otherPermissions: ChannelLevel, groupId: number | null = GROUP) => ({
  groupId,
  groupPermissions,
  otherPermissions,
});

describe('the level of a caller', () => {
  it.each<[ChannelLevel, ChannelLevel, ChannelLevel, ChannelLevel]>([
    // group      other        in the group  outside
    ['none', 'none', 'none', 'none'],
    ['none', 'subscribe', 'subscribe', 'subscribe'],
    ['none', 'publish', 'publish', 'publish'],
    ['subscribe', 'none', 'subscribe', 'none'],
    ['subscribe', 'subscribe', 'subscribe', 'subscribe'],
    ['subscribe', 'publish', 'publish', 'publish'],
    ['publish', 'none', 'publish', 'none'],
    ['publish', 'subscribe', 'publish', 'subscribe'],
    ['publish', 'publish', 'publish', 'publish'],
  ])('group %s, others %s: in the group %s, outside %s', (group, others, expectedInGroup, expectedOutside) => {
    expect(levelOf(inGroup, channel(group, others))).toBe(expectedInGroup);
    expect(levelOf(outside, channel(group, others))).toBe(expectedOutside);
    expect(levelOf(unrestricted, channel(group, others))).toBe('publish');
    expect(levelOf(shutOut, channel(group, others))).toBe('none');
    expect(levelOf(reader, channel(group, others))).toBe(others === 'none' ? 'none' : 'subscribe');
  });

  it('never comes from a group that the channel does not name', () => {
    expect(levelOf(inGroup, channel('publish', 'none', null))).toBe('none');
    expect(levelOf(inGroup, channel('publish', 'none', 8))).toBe('none');
  });
});

describe('a change of permissions', () => {
  it.each([
    ['others lose publish', channel('none', 'publish'), channel('none', 'subscribe'), true, false],
    ['others lose sight', channel('none', 'subscribe'), channel('none', 'none'), true, true],
    ['all but the group lose sight', channel('subscribe', 'subscribe'), channel('subscribe', 'none'), true, true],
    ['the group loses sight', channel('subscribe', 'none'), channel('none', 'none'), true, true],
    ['the group loses what all have', channel('publish', 'subscribe'), channel('none', 'subscribe'), true, false],
    ['another group', channel('subscribe', 'none'), channel('subscribe', 'none', 8), true, true],
    ['no group any more', channel('subscribe', 'none'), channel('subscribe', 'none', null), true, true],
    ['a group that opens nothing', channel('none', 'none', null), channel('none', 'none'), true, false],
    ['from the group to all', channel('publish', 'none'), channel('none', 'publish'), true, false],
    ['others gain sight', channel('none', 'none'), channel('none', 'subscribe'), false, false],
    ['others gain publish', channel('none', 'subscribe'), channel('none', 'publish'), false, false],
    ['nothing', channel('publish', 'subscribe'), channel('publish', 'subscribe'), false, false],
  ])('%s', (_what, before, after, narrower, disappears) => {
    expect(isNarrower(after, before)).toBe(narrower);
    expect(disappearsForSome(after, before)).toBe(disappears);
  });
});
