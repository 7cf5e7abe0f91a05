/** The stream of what concerns one member alone. */
export function memberStream(memberId: number): string {
  return `members/${memberId}`;
}

/** Where a member lives; also the name of the room that their own stream feeds. */
export function memberPath(memberId: number): string {
  return `/members/${memberId}`;
}
