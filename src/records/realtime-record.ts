import type { z } from 'zod';
import { type Camelized, camelCase, type Viewable } from './record-fields.js';
import { define, type Permissions, type RecordClass, type StoredRow } from './record-definition.js';

/** What a feature says about its records, on top of their entity. */
export interface RecordDescription<View extends z.ZodObject, Create extends object, Update extends object, Ruled> {
  /** The kind of thing, singular: its name in events and errors. */
  type: string;
  /** The name of the room of all, and with `/<id>` the name of the room and the address of one: `/polls`, `/polls/7`. */
  path: string;
  /** What of a row may leave the server: each field is the property of that name, in camelCase, times as ISO text. */
  view: View;
  /** The body of a POST; without it there is none. Its fields become the properties of those names. */
  create?: z.ZodType<Create>;
  /** The body of a PATCH; without it there is none. */
  update?: z.ZodType<Update>;
  /** Who may do what; `delete` also makes the route. */
  may: Permissions<Ruled>;
  /** Whether each record has a room of its own beside the room of all; by default yes. */
  ownRooms?: boolean;
  /** Events do not keep who caused them: for things like votes, where that would give away a secret. */
  anonymous?: boolean;
}

/** What the reply adds to a view, so that a client can join. */
const BY_THE_REPLY = ['position', 'epoch', 'websockets'];
const BY_THE_SERVER = ['id', 'workspaceId', 'authorId', 'createdAt', 'updatedAt'] as const;

/** `unknown` if every field of a body is a property of the row, of a fitting type; else what the compiler complains about. */
type Accepts<Row, Body> = [Exclude<keyof Camelized<Body>, keyof Row>] extends [never]
  ? Camelized<Body> extends Partial<Row>
    ? unknown
    : 'a field of the body has another type than the property of the row'
  : 'a field of the body is no property of the row';

/**
 * Makes the rows of an entity records: REST, rooms, events and access follow from what is said here
 * (`RecordsModule.of`, `RecordsController`). The compiler checks that the row has what the view and the bodies name.
 */
export function RealtimeRecord<
  View extends z.ZodObject,
  Ruled,
  Create extends object = object,
  Update extends object = object,
>(description: RecordDescription<View, Create, Update, Ruled>) {
  return <Row extends StoredRow & Ruled & Viewable<z.infer<View>>>(
    entity: RecordClass<Row> & Accepts<Row, Create> & Accepts<Row, Update>,
  ): void => {
    const { type, path, view, create, update, ownRooms = true, anonymous = false } = description;
    const may = description.may as unknown as Permissions<StoredRow>;
    const faults = [
      /^[a-z][a-z0-9_]*$/.test(type) ? null : `the type "${type}" is no lower case word`,
      /^(\/[a-z][a-z0-9-]*)+$/.test(path) ? null : `the path "${path}" does not look like "/polls"`,
      create && !may.create ? 'it has a body to create, but nobody may' : null,
      update && !may.update ? 'it has a body to update, but nobody may' : null,
      ...BY_THE_REPLY.filter((name) => name in view.shape).map((name) => `replies say something else as "${name}"`),
      ...[create, update].flatMap(namesOf).map((name) => `"${name}" is filled by the server, not by a body`),
    ].filter((fault) => fault !== null);
    if (faults.length > 0) throw new Error(`@RealtimeRecord of ${entity.name}: ${faults.join('; ')}`);
    define(entity, { type, path, view, create, update, may, ownRooms, anonymous });
  };
}

/** The fields of a body that are not the client's to choose. */
function namesOf(body: z.ZodType | undefined): string[] {
  const names = Object.keys((body as Partial<z.ZodObject> | undefined)?.shape ?? {});
  return names.filter((name) => (BY_THE_SERVER as readonly string[]).includes(camelCase(name)));
}
