import { z } from 'zod';
import type { JsonValue } from '../../common/json.js';
import { isStorableJson } from '../../common/json-limits.js';
import type { ResourceKind } from './resource-address.js';
import { valueInvalid, valueTooLarge } from './resources.errors.js';

const MAX_BYTES = 256 * 1024;
const MAX_ISSUES = 20;

/** Any JSON value that can be kept. */
export const storableJson = z
  .unknown()
  .refine((value) => value !== undefined, 'is required')
  .refine(isStorableJson, 'must be JSON of Unicode text without NUL characters, at most 100 levels deep')
  .transform((value) => value as JsonValue);

const objectId = z.string().min(1).max(256);

/** A set of objects: which, and how many of each. */
export const collectionValue = z.strictObject({
  datasource_id: objectId,
  items: z
    .array(
      z.strictObject({
        object_definition_id: objectId,
        balance: z.int().nonnegative(),
        /** What the definition says about the object: its name and properties. */
        data: z.record(z.string(), z.unknown()).optional(),
      }),
    )
    .max(10_000)
    .refine(
      (items) => new Set(items.map((item) => item.object_definition_id)).size === items.length,
      'must not name an object twice',
    ),
});

const VALUES: Record<ResourceKind, z.ZodType> = {
  kv: z.unknown(),
  collection: collectionValue,
  live_config: z.record(z.string(), z.unknown()),
};

/** Throws unless a resource of this kind may have the value. The size is that of the JSON as it leaves the server. */
export function requireValue(kind: ResourceKind, value: JsonValue): void {
  if (Buffer.byteLength(JSON.stringify(value)) > MAX_BYTES) throw valueTooLarge(MAX_BYTES);
  const { error } = VALUES[kind].safeParse(value);
  if (!error) return;
  const issues = error.issues.slice(0, MAX_ISSUES);
  throw valueInvalid(issues.map(({ path, message }) => ({ path: path.join('.').slice(0, 200), message })));
}
