/** The stream of what concerns one member alone. */
export function memberStream(memberId: number): string {
  return `members/${memberId}`;
}

/** The stream that tells a workspace of its members. */
export function memberListStream(workspaceId: number): string {
  return `workspaces/${workspaceId}/members`;
}

/** Where a member lives; also the name of the room that their own stream feeds. */
export function memberPath(memberId: number): string {
  return `/members/${memberId}`;
}

/** The room of all members of a workspace. */
export const MEMBERS_ROOM = '/members';
