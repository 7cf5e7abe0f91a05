import type { JsonObject } from '../common/json.js';
import { definitionOf, type StoredRow } from './record-definition.js';
import { camelCase } from './record-fields.js';

/**
 * The public view of a record: the fields that the schema names, each from the property of that name, and nothing else.
 * Throws when the row does not fit, which is a programming mistake; the transaction then takes its change back.
 */
export function viewOf(row: StoredRow): JsonObject {
  const { view } = definitionOf(row.constructor);
  const named = Object.keys(view.shape).map((name) => [name, plain(row[camelCase(name) as keyof StoredRow])]);
  return view.parse(Object.fromEntries(named)) as JsonObject;
}

function plain(value: unknown): unknown {
  return value instanceof Date ? value.toISOString() : value;
}
