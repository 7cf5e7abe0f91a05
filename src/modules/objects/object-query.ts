import { isIndexed, isNumeric, type SchemaField } from './class-schema.js';
import { toNumber } from './object-index.js';
import type { ObjectClass } from './object-class.entity.js';
import { datetimeOf, readValue, ValueError } from './object-values.js';
import { orderInvalid, queryInvalid } from './objects.errors.js';

/** Gives the place of a parameter in a statement. */
export type Bind = (value: unknown) => string;

const COMPARISONS: Record<string, string> = { _eq: '=', _gt: '>', _gte: '>=', _lt: '<', _lte: '<=' };
const MAX_LIST = 128;

/** What every object has, with the column and whether it is a time. */
const BUILT_IN: Record<string, { column: string; type: SchemaField['type'] }> = {
  id: { column: 'object.id', type: 'integer' },
  revision: { column: 'object.revision', type: 'integer' },
  owner: { column: 'object.owner_id', type: 'integer' },
  group: { column: 'object.group_id', type: 'integer' },
  created_at: { column: 'object.created_at', type: 'datetime' },
  updated_at: { column: 'object.updated_at', type: 'datetime' },
};
const SORTED_BY_COLUMN = ['id', 'created_at', 'updated_at'];

/** The condition of a `query`: `{"title": {"_eq": "x"}, "reads": {"_gt": 5, "_lt": 10}}`. All of it has to hold. */
export function filterOf(query: unknown, of: ObjectClass, bind: Bind): string[] {
  if (typeof query !== 'object' || query === null || Array.isArray(query)) {
    throw queryInvalid('Query passed in invalid format.');
  }
  return Object.entries(query).flatMap(([name, lookups]) => {
    const field = filterable(name, of);
    if (typeof lookups !== 'object' || lookups === null || Array.isArray(lookups)) {
      throw queryInvalid(`Invalid value of "${field.name}": an object with operators is expected.`);
    }
    return Object.entries(lookups as object).map(([verb, operand]) => condition(field, verb, operand, bind));
  });
}

function filterable(name: string, { schema }: ObjectClass): SchemaField {
  const builtIn = BUILT_IN[name];
  if (Object.hasOwn(BUILT_IN, name) && builtIn) return { name, type: builtIn.type };
  const field = schema.find((one) => one.name === name);
  if (field && isIndexed(field) && (field.filter_index || field.unique)) return field;
  throw queryInvalid(`Field "${name.slice(0, 64)}" cannot be filtered by: it has no filter index.`);
}

function condition(field: SchemaField, verb: string, operand: unknown, bind: Bind): string {
  const value = (one: unknown): string => bind(comparable(field, one));
  const comparison = COMPARISONS[verb];
  if (Object.hasOwn(COMPARISONS, verb) && comparison) {
    return some(field, (column) => `${column} ${comparison} ${value(operand)}`, bind);
  }
  switch (verb) {
    case '_neq':
      return `NOT ${some(field, (column) => `${column} = ${value(operand)}`, bind)}`;
    case '_in':
    case '_nin': {
      if (!Array.isArray(operand) || operand.length > MAX_LIST) {
        throw queryInvalid(`Invalid value of "${verb}": a list of at most ${MAX_LIST} values is expected.`);
      }
      const values = operand.map((one) => comparable(field, one));
      const among = some(field, (column) => `${column} = ANY(${bind(values)})`, bind);
      return verb === '_in' ? among : `NOT ${among}`;
    }
    case '_exists': {
      if (typeof operand !== 'boolean') throw queryInvalid('Invalid value of "_exists": true or false is expected.');
      const present = some(field, (column) => `${column} IS NOT NULL`, bind);
      return operand ? present : `NOT ${present}`;
    }
    default:
      throw queryInvalid(`Operator "${verb.slice(0, 32)}" is not known.`);
  }
}

/** That the object has a value for which this holds; fields of the schema are looked up in their index. */
function some(field: SchemaField, holds: (column: string) => string, bind: Bind): string {
  const builtIn = Object.hasOwn(BUILT_IN, field.name) ? BUILT_IN[field.name] : undefined;
  if (builtIn) return `coalesce(${holds(builtIn.column)}, false)`;
  return `EXISTS (
    SELECT FROM object_values value
    WHERE value.class_id = object.class_id AND value.object_id = object.id AND value.field = ${bind(field.name)}
      AND ${holds(columnOf(field))})`;
}

function columnOf(field: SchemaField): string {
  return isNumeric(field) ? 'value.number_value' : 'value.text_value';
}

function comparable(field: SchemaField, operand: unknown): unknown {
  try {
    if (Object.hasOwn(BUILT_IN, field.name) && field.type === 'datetime') return new Date(datetimeOf(unwrap(operand)));
    const value = readValue(field, operand);
    if (value === null) throw new ValueError('null is no value to compare with.');
    return isNumeric(field) ? toNumber(value) : value;
  } catch (error) {
    if (!(error instanceof ValueError)) throw error;
    throw queryInvalid(`Invalid value of "${field.name}": ${error.message}`);
  }
}

function unwrap(operand: unknown): unknown {
  return typeof operand === 'object' && operand !== null && 'value' in operand ? operand.value : operand;
}

/** How a list is sorted: by an expression, which is joined for a field of the schema. */
export interface Order {
  expression: string;
  join: (bind: Bind) => string;
}

export function orderOf(name: string, { schema }: ObjectClass): Order {
  if (SORTED_BY_COLUMN.includes(name)) return { expression: BUILT_IN[name]!.column, join: () => '' };
  const field = schema.find((one) => one.name === name);
  if (!field?.order_index) throw orderInvalid();
  return {
    expression: columnOf(field),
    join: (bind) => `LEFT JOIN object_values value
      ON value.class_id = object.class_id AND value.object_id = object.id AND value.field = ${bind(field.name)}`,
  };
}
