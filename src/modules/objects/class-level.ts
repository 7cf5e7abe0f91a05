/** What somebody may do with the objects of a class as a whole; each level includes those before it. */
export const CLASS_LEVELS = ['none', 'read', 'create_objects'] as const;
export type ClassLevel = (typeof CLASS_LEVELS)[number];

/** Who asks, as far as classes and objects care. */
export interface ObjectCaller {
  /** Is spared every check (`all`), may read everything (`reading`), or has what the permissions say. */
  power: 'all' | 'reading' | 'permitted';
  memberId: number | null;
  groupIds: ReadonlySet<number>;
  /** What they may do at most where others may more: nobody at all, a reader without a name, or a member. */
  atMost: 'nothing' | 'read' | 'everything';
}

interface ClassPermissions {
  groupId: number | null;
  groupPermissions: ClassLevel;
  otherPermissions: ClassLevel;
}

const rank = (level: ClassLevel): number => CLASS_LEVELS.indexOf(level);
const highest = { nothing: 0, read: 1, everything: 2 };

export function reachesClass(level: ClassLevel, wanted: ClassLevel): boolean {
  return rank(level) >= rank(wanted);
}

/** The one rule about classes. */
export function classLevelOf(caller: ObjectCaller, { groupId, ...permissions }: ClassPermissions): ClassLevel {
  if (caller.power !== 'permitted') return caller.power === 'all' ? 'create_objects' : 'read';
  const asGroupMember = groupId !== null && caller.groupIds.has(groupId) ? rank(permissions.groupPermissions) : 0;
  const granted = Math.max(rank(permissions.otherPermissions), asGroupMember);
  return CLASS_LEVELS[Math.min(granted, highest[caller.atMost])]!;
}
