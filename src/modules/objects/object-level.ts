import type { ObjectCaller } from './class-level.js';

/** What somebody may do with one object; each level includes those before it. */
export const OBJECT_LEVELS = ['none', 'read', 'write', 'full'] as const;
export type ObjectLevel = (typeof OBJECT_LEVELS)[number];

export interface ObjectPermissions {
  ownerId: number | null;
  ownerPermissions: ObjectLevel;
  groupId: number | null;
  groupPermissions: ObjectLevel;
  otherPermissions: ObjectLevel;
}

/** Of an object only what decides who may do what. */
export function permissionsOf(object: ObjectPermissions): ObjectPermissions {
  const { ownerId, ownerPermissions, groupId, groupPermissions, otherPermissions } = object;
  return { ownerId, ownerPermissions, groupId, groupPermissions, otherPermissions };
}

const rank = (level: ObjectLevel): number => OBJECT_LEVELS.indexOf(level);
const highest = { nothing: 0, read: 1, everything: 3 };

export function reachesObject(level: ObjectLevel, wanted: ObjectLevel): boolean {
  return rank(level) >= rank(wanted);
}

/** The lower of two levels: nobody gives more than they have. */
export function atMost(level: ObjectLevel, limit: ObjectLevel): ObjectLevel {
  return rank(level) <= rank(limit) ? level : limit;
}

/** The one rule about objects. */
export function objectLevelOf(caller: ObjectCaller, object: ObjectPermissions): ObjectLevel {
  if (caller.power !== 'permitted') return caller.power === 'all' ? 'full' : 'read';
  const { ownerId, groupId } = object;
  const asOwner = ownerId !== null && ownerId === caller.memberId ? rank(object.ownerPermissions) : 0;
  const asGroupMember = groupId !== null && caller.groupIds.has(groupId) ? rank(object.groupPermissions) : 0;
  const granted = Math.max(rank(object.otherPermissions), asOwner, asGroupMember);
  return OBJECT_LEVELS[Math.min(granted, highest[caller.atMost])]!;
}

/** The SQL twin of `objectLevelOf(caller, object) !== 'none'`; `bind` gives the place of a parameter. */
export function visibleObjects(caller: ObjectCaller, bind: (value: unknown) => string): string {
  const { power, atMost: limit, memberId, groupIds } = caller;
  if (power !== 'permitted') return 'true';
  if (limit === 'nothing') return 'false';
  return `(object.other_permissions <> 'none'
    OR (object.owner_permissions <> 'none' AND object.owner_id = ${bind(memberId)}::bigint)
    OR (object.group_permissions <> 'none' AND object.group_id = ANY(${bind([...groupIds])}::bigint[])))`;
}
