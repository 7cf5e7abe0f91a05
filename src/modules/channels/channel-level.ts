/** What somebody may do with a channel; each level includes those before it. */
export const CHANNEL_LEVELS = ['none', 'subscribe', 'publish'] as const;
export type ChannelLevel = (typeof CHANNEL_LEVELS)[number];

/** The part of a channel that decides who may do what. */
export interface ChannelPermissions {
  groupId: number | null;
  groupPermissions: ChannelLevel;
  otherPermissions: ChannelLevel;
}

/** Who asks, as far as channels care. */
export interface ChannelCaller {
  /** What they may do whatever the channel says. */
  atLeast: ChannelLevel;
  /** What they may not exceed whatever the channel says. */
  atMost: ChannelLevel;
  groupIds: ReadonlySet<number>;
}

const rank = (level: ChannelLevel): number => CHANNEL_LEVELS.indexOf(level);

export function reaches(level: ChannelLevel, wanted: ChannelLevel): boolean {
  return rank(level) >= rank(wanted);
}

/** The one rule about channels: REST, rooms and every dialect ask it. */
export function levelOf(caller: ChannelCaller, channel: ChannelPermissions): ChannelLevel {
  const { groupId, groupPermissions, otherPermissions } = channel;
  const asGroupMember = groupId !== null && caller.groupIds.has(groupId) ? rank(groupPermissions) : 0;
  const granted = Math.max(rank(caller.atLeast), rank(otherPermissions), asGroupMember);
  return CHANNEL_LEVELS[Math.min(granted, rank(caller.atMost))]!;
}

/** Whether somebody may do less than before. */
export function isNarrower(after: ChannelPermissions, before: ChannelPermissions): boolean {
  return (
    after.groupId !== before.groupId ||
    rank(after.groupPermissions) < rank(before.groupPermissions) ||
    rank(after.otherPermissions) < rank(before.otherPermissions)
  );
}

/** Whether somebody who could see the channel no longer can. */
export function disappearsForSome(after: ChannelPermissions, before: ChannelPermissions): boolean {
  const now = audienceOf(after);
  const then = audienceOf(before);
  return then !== 'nobody' && now !== 'everybody' && now !== then;
}

/** The members who see the channel: all, none, or those of one group. */
function audienceOf({ groupId, groupPermissions, otherPermissions }: ChannelPermissions): string {
  if (reaches(otherPermissions, 'subscribe')) return 'everybody';
  return groupId !== null && reaches(groupPermissions, 'subscribe') ? `group ${groupId}` : 'nobody';
}
