import { z } from 'zod';
import { type JsonObject, parseJson } from '../../common/json.js';
import { isStorableJson } from '../../common/json-limits.js';
import { id, idText } from '../../common/ids.js';
import { idPageQuery, pageSchema } from '../../common/paging.js';
import { text } from '../../common/text.js';
import { CLASS_LEVELS } from './class-level.js';
import { classNameFaults } from './class-name.js';
import { classSchema, schemaFieldSchema } from './class.view.js';
import { OBJECT_LEVELS } from './object-level.js';
import { objectSchema } from './object.view.js';

const classLevel = z.enum(CLASS_LEVELS);
const objectLevel = z.enum(OBJECT_LEVELS);
const metadata = z
  .record(z.string(), z.unknown())
  .refine(isStorableJson, 'must be JSON that can be stored')
  .transform((value) => value as JsonObject);

const className = z
  .string()
  .trim()
  .toLowerCase()
  .check(({ value, issues }) => {
    for (const message of classNameFaults(value)) issues.push({ code: 'custom', input: value, message });
  });

const changes = {
  description: text(0, 256).optional(),
  schema: z.array(schemaFieldSchema).max(100).optional(),
  group: id.nullable().optional(),
  group_permissions: classLevel.optional(),
  other_permissions: classLevel.optional(),
  metadata: metadata.optional(),
};

export const createClassSchema = z.strictObject({ name: className, ...changes }).meta({ id: 'CreateClass' });

/** A class keeps its name for life. */
export const changeClassSchema = z
  .strictObject({ ...changes, expected_revision: z.int().optional() })
  .meta({ id: 'ChangeClass' });

export const listClassesSchema = z.strictObject(idPageQuery);
export const classPageSchema = pageSchema(classSchema).meta({ id: 'ClassPage' });

const permissions = {
  owner: id.nullable().optional(),
  owner_permissions: objectLevel.optional(),
  group: id.nullable().optional(),
  group_permissions: objectLevel.optional(),
  other_permissions: objectLevel.optional(),
};

/** The fields of the class stand beside these; which there are, and what they take, is said by the class. */
export const createObjectSchema = z
  .object({
    ...permissions,
    channel: text(1, 200).nullable().optional(),
    channel_room: text(1, 128).nullable().optional(),
  })
  .catchall(z.unknown())
  .meta({ id: 'CreateObject' });

export const changeObjectSchema = z
  .object({ ...permissions, expected_revision: z.int().optional() })
  .catchall(z.unknown())
  .meta({ id: 'ChangeObject' });

const json = z.string().transform((sent, { issues }) => {
  const parsed: unknown = parseJson(sent);
  if (parsed === undefined) issues.push({ code: 'custom', input: sent, message: 'must be JSON' });
  return parsed;
});

export const listObjectsSchema = z.strictObject({
  ...idPageQuery,
  query: json.optional().describe('JSON: fields with operators, such as {"reads":{"_gt":5}}.'),
  order_by: text(1, 65)
    .optional()
    .describe('id, created_at, updated_at or a field with an order index; - for downwards.'),
  include_count: z.enum(['true', 'false']).default('false'),
});

export const objectPageSchema = pageSchema(objectSchema)
  .extend({ objects_count: z.int().optional() })
  .meta({ id: 'ObjectPage' });

export const objectParams = z.strictObject({ name: z.string(), id: idText });

export type CreateClass = z.infer<typeof createClassSchema>;
export type ChangeClass = z.infer<typeof changeClassSchema>;
export type CreateObject = z.infer<typeof createObjectSchema>;
export type ChangeObject = z.infer<typeof changeObjectSchema>;
export type ListObjects = z.infer<typeof listObjectsSchema>;
export type ObjectParams = z.infer<typeof objectParams>;
