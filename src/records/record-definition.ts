import type { z } from 'zod';
import type { Identity } from '../auth/identity.js';

/** The columns that every record has; the server fills them. */
export interface StoredRow {
  id: number;
  workspaceId: number;
  createdAt: Date;
  updatedAt: Date;
}

export type RecordClass<Row extends StoredRow> = new () => Row;

/** Whether somebody of the record's workspace may do something with it. */
export type Rule<Row> = (identity: Identity, row: Row) => boolean;
/** The same without a record to look at: what may be read and made is one answer for the whole list. */
export type ListRule = (identity: Identity) => boolean;

/** Who may do what: for each action one rule, or several of which one is enough. An action that is not named, nobody may do. */
export interface Permissions<Row> {
  /** Who sees the records, over REST, in both rooms and in replays. */
  read: ListRule | ListRule[];
  create?: ListRule | ListRule[];
  [action: string]: Rule<Row> | Rule<Row>[] | undefined;
}

/** What a feature says about its records, see `@RealtimeRecord`; here without the types of one feature. */
export interface RecordDefinition {
  type: string;
  path: string;
  view: z.ZodObject;
  create: z.ZodType<object> | undefined;
  update: z.ZodType<object> | undefined;
  may: Permissions<StoredRow>;
  ownRooms: boolean;
  anonymous: boolean;
}

const definitions = new WeakMap<object, RecordDefinition>();

export function define(entity: object, definition: RecordDefinition): void {
  definitions.set(entity, definition);
}

/** What the `@RealtimeRecord` of the class says. */
export function definitionOf(entity: { name: string }): RecordDefinition {
  const definition = definitions.get(entity);
  if (!definition) throw new Error(`${entity.name} has no @RealtimeRecord`);
  return definition;
}
