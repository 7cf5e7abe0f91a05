import type { JsonObject } from '../../common/json.js';
import type { ObjectLevel } from './object-level.js';
import type { ObjectClass } from './object-class.entity.js';
import { fieldsUnknown, objectInvalid, objectTooLarge } from './objects.errors.js';
import { type Operation, operate, readOperation, readValue, ValueError } from './object-values.js';

const MAX_SIZE = 32_768;

/** What somebody sends to make or change an object. */
export interface ObjectInput {
  /** By the names of the fields; each as it was sent. */
  values: Readonly<Record<string, unknown>>;
  /** Whether a value of no field is an error, or nothing. */
  strict: boolean;
  owner?: number | null;
  owner_permissions?: ObjectLevel;
  group?: number | null;
  group_permissions?: ObjectLevel;
  other_permissions?: ObjectLevel;
  /** These two only at birth; afterwards they are ignored. */
  channel?: string | null;
  channel_room?: string | null;
  expected_revision?: number;
}

/** The values of an object after `input`, as they are stored. Throws what is wrong with each field. */
export function valuesAfter({ values, strict }: ObjectInput, before: JsonObject, { schema }: ObjectClass): JsonObject {
  const after = { ...before };
  const faults: Record<string, string[]> = {};
  for (const field of schema) {
    const sent = Object.hasOwn(values, field.name) ? values[field.name] : undefined;
    if (sent === undefined) continue;
    try {
      const operation: Operation | null = readOperation(field, sent);
      const value = operation ? operate(operation, before[field.name] ?? null) : readValue(field, sent);
      if (value === null) delete after[field.name];
      else after[field.name] = value;
    } catch (error) {
      if (!(error instanceof ValueError)) throw error;
      faults[field.name] = [error.message];
    }
  }
  const unknown = Object.keys(values).filter((name) => !schema.some((field) => field.name === name));
  if (strict && unknown.length > 0) throw fieldsUnknown(unknown);
  if (Object.keys(faults).length > 0) throw objectInvalid(faults);
  if (JSON.stringify(after).length > MAX_SIZE) throw objectTooLarge();
  return after;
}
