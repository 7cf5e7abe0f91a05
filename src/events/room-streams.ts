/** The stream of a room that has no thing of its own behind it: what decorated services tell about, per workspace. */
export function roomStream(workspaceId: number, room: string): string {
  return `workspaces/${workspaceId}/rooms${room.startsWith('/') ? '' : '/'}${room}`;
}
