import type { RecordDefinition } from './record-definition.js';

type Path = Pick<RecordDefinition, 'path'>;

/** The streams of records: all of a workspace, and each one's own. */
export const recordStreams = {
  list: ({ path }: Path, workspaceId: number): string => `workspaces/${workspaceId}${path}`,
  record: ({ path }: Path, id: number): string => `${path.slice(1)}/${id}`,
  /** The one that tells about this record in the room of `recordRoom`. */
  ofRoom: (definition: RecordDefinition, workspaceId: number, id: number): string =>
    definition.ownRooms ? recordStreams.record(definition, id) : recordStreams.list(definition, workspaceId),
};

/** The address of a record in events. */
export function recordPath({ path }: Path, id: number | ':id'): string {
  return `${path}/${id}`;
}

/** The room to join for one record: its own, or where there is none, the room of all. */
export function recordRoom(definition: RecordDefinition, id: number): string {
  return definition.ownRooms ? recordPath(definition, id) : definition.path;
}
