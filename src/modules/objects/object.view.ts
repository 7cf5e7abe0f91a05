import { z } from 'zod';
import type { JsonObject } from '../../common/json.js';
import { OBJECT_LEVELS } from './object-level.js';
import { showValue } from './object-values.js';
import type { ObjectClass } from './object-class.entity.js';
import type { StoredObject } from './stored-object.entity.js';

const level = z.enum(OBJECT_LEVELS);

/** An object: what every one has, and beside it the fields of its class. */
export const objectSchema = z
  .object({
    id: z.int(),
    created_at: z.iso.datetime(),
    updated_at: z.iso.datetime(),
    revision: z.int(),
    owner: z.int().nullable(),
    owner_permissions: level,
    group: z.int().nullable(),
    group_permissions: level,
    other_permissions: level,
    channel: z.string().nullable(),
    channel_room: z.string().nullable(),
  })
  .catchall(z.unknown())
  .meta({ id: 'Object' });

/** What may be known of an object by whoever may read it, without the channel that tells of it. */
export function toObjectView(object: StoredObject, { schema }: Pick<ObjectClass, 'schema'>): JsonObject {
  const fields = schema.map((field) => [field.name, showValue(field, object.data[field.name])] as const);
  return {
    id: object.id,
    created_at: object.createdAt.toISOString(),
    updated_at: object.updatedAt.toISOString(),
    revision: object.revision,
    owner: object.ownerId ?? null,
    owner_permissions: object.ownerPermissions,
    group: object.groupId ?? null,
    group_permissions: object.groupPermissions,
    other_permissions: object.otherPermissions,
    ...Object.fromEntries(fields),
  };
}

const PERMISSION_FIELDS = [
  ['ownerId', 'owner'],
  ['ownerPermissions', 'owner_permissions'],
  ['groupId', 'group'],
  ['groupPermissions', 'group_permissions'],
  ['otherPermissions', 'other_permissions'],
] as const;

/** Only what has changed, for those who know the rest. */
export function toObjectChange(
  object: StoredObject,
  before: StoredObject,
  of: Pick<ObjectClass, 'schema'>,
): JsonObject {
  const now = toObjectView(object, of);
  const then = toObjectView(before, of);
  const differs = (name: string): boolean => JSON.stringify(now[name]) !== JSON.stringify(then[name]);
  const names = [...of.schema.map(({ name }) => name), ...PERMISSION_FIELDS.map(([, name]) => name), 'revision'];
  const changed = names.filter(differs).map((name) => [name, now[name]!] as const);
  if (changed.length === 0) return { id: object.id };
  return { id: object.id, ...Object.fromEntries(changed), updated_at: now.updated_at! };
}
