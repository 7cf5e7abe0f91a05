import { z } from 'zod';
import { CLASS_LEVELS } from './class-level.js';
import { FIELD_TYPES } from './class-schema.js';
import type { ObjectClass } from './object-class.entity.js';

const level = z.enum(CLASS_LEVELS);
const flag = z.literal(true).optional();

export const schemaFieldSchema = z.strictObject({
  name: z.string(),
  type: z.enum(FIELD_TYPES),
  order_index: flag,
  filter_index: flag,
  unique: flag,
  target: z.string().optional(),
});

export const classSchema = z
  .strictObject({
    id: z.int(),
    name: z.string(),
    description: z.string(),
    schema: z.array(schemaFieldSchema),
    revision: z.int(),
    group: z.int().nullable(),
    group_permissions: level,
    other_permissions: level,
    metadata: z.record(z.string(), z.unknown()),
    objects_count: z.int(),
    created_at: z.iso.datetime(),
    updated_at: z.iso.datetime(),
  })
  .meta({ id: 'Class' });

export function toClassView(of: ObjectClass, objectsCount: number) {
  return {
    id: of.id,
    name: of.name,
    description: of.description,
    schema: of.schema,
    revision: of.revision,
    group: of.groupId,
    group_permissions: of.groupPermissions,
    other_permissions: of.otherPermissions,
    metadata: of.metadata,
    objects_count: objectsCount,
    created_at: of.createdAt.toISOString(),
    updated_at: of.updatedAt.toISOString(),
  };
}
