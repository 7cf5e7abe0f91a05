import { isObject } from '../../common/json.js';
import { isListOrPlace, isNumeric, type SchemaField, targetClass } from './class-schema.js';
import type { ObjectCaller } from './class-level.js';
import { toNumber } from './object-index.js';
import { visibleObjects } from './object-level.js';
import type { ObjectClass } from './object-class.entity.js';
import { type Bind, fitting, MAX_LIST, relatedTo, withinObject } from './object-search.js';
import { datetimeOf, readValue, unwrapped, ValueError } from './object-values.js';
import { orderInvalid, queryInvalid } from './objects.errors.js';

/** A class that a query looks into, and how much of it the caller sees. */
export interface SeenClass {
  of: ObjectClass;
  caller: ObjectCaller;
}

const NOTHING_RELATED: ReadonlyMap<string, SeenClass> = new Map();
const COMPARISONS: Record<string, string> = { _eq: '=', _gt: '>', _gte: '>=', _lt: '<', _lte: '<=' };

/** What is asked of texts; the first is the column, the second the text that is looked for. */
const TEXT_SEARCHES: Record<string, (column: string, text: string) => string> = {
  _startswith: (column, text) => `starts_with(${column}, ${text})`,
  _endswith: (column, text) => `right(${column}, length(${text})) = ${text}`,
  _contains: (column, text) => `strpos(${column}, ${text}) > 0`,
  _eq: (column, text) => `${column} = ${text}`,
};

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

/**
 * The condition of a `query`: `{"title": {"_eq": "x"}, "reads": {"_gt": 5, "_lt": 10}}`. All of it has to hold. `related`
 * are the classes that `_is` leads to (`relatedIn`), by name; whoever is asked through it asks no further.
 */
export function filterOf(query: unknown, of: ObjectClass, bind: Bind, related = NOTHING_RELATED): string[] {
  return lookupsIn(query, of).map(([field, verb, operand]) => {
    if (verb === '_is') return refers(field, operand, of, bind, related);
    return isListOrPlace(field) ? withinObject(field, verb, operand, bind) : condition(field, verb, operand, bind);
  });
}

/** The classes that the query asks about through `_is`. */
export function relatedIn(query: unknown, of: ObjectClass): Set<string> {
  const asking = lookupsIn(query, of).filter(([, verb]) => verb === '_is');
  return new Set(asking.flatMap(([field]) => targetClass(field, of) ?? []));
}

function lookupsIn(query: unknown, of: ObjectClass): [field: SchemaField, verb: string, operand: unknown][] {
  if (!isObject(query)) throw queryInvalid('Query passed in invalid format.');
  return Object.entries(query).flatMap(([name, lookups]) => {
    const field = filterable(name, of);
    if (!isObject(lookups)) {
      throw queryInvalid(`Invalid value of "${field.name}": an object with operators is expected.`);
    }
    return Object.entries(lookups).map(([verb, operand]) => [field, verb, operand] as [SchemaField, string, unknown]);
  });
}

function filterable(name: string, { schema }: ObjectClass): SchemaField {
  const builtIn = BUILT_IN[name];
  if (Object.hasOwn(BUILT_IN, name) && builtIn) return { name, type: builtIn.type };
  const field = schema.find((one) => one.name === name);
  if (field?.filter_index || field?.unique) return field;
  throw queryInvalid(`Field "${name.slice(0, 64)}" cannot be filtered by: it has no filter index.`);
}

/** That what the field leads to fulfils a query of its own, as far as the caller may see it. */
function refers(
  field: SchemaField,
  query: unknown,
  of: ObjectClass,
  bind: Bind,
  related: ReadonlyMap<string, SeenClass>,
): string {
  const target = related.get(targetClass(field, of) ?? '');
  if (!target) throw queryInvalid(`Operator "_is" cannot be used with "${field.name}" here.`);
  const conditions = [
    `object.class_id = ${bind(target.of.id)}`,
    visibleObjects(target.caller, bind),
    ...filterOf(query, target.of, bind),
  ];
  const ids = `SELECT object.id FROM objects object WHERE ${conditions.join(' AND ')}`;
  if (field.type === 'relation') return relatedTo(field, ids, bind);
  return some(field, (column) => `${column} IN (${ids})`, bind);
}

function condition(field: SchemaField, verb: string, operand: unknown, bind: Bind): string {
  const value = (one: unknown): string => bind(comparable(field, one));
  const comparison = COMPARISONS[verb];
  if (Object.hasOwn(COMPARISONS, verb) && comparison) {
    return some(field, (column) => `${column} ${comparison} ${value(operand)}`, bind);
  }
  const search = field.type === 'string' ? searchOf(verb) : undefined;
  if (search) return some(field, (column) => search(column, value(operand)), bind);
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

/** With an `i` before its name a search does not mind the case. */
function searchOf(verb: string): ((column: string, text: string) => string) | undefined {
  const name = verb.replace(/^_i/, '_');
  const search = Object.hasOwn(TEXT_SEARCHES, name) ? TEXT_SEARCHES[name] : undefined;
  if (!search || name === verb) return search;
  return (column, text) => search(`lower(${column} COLLATE "default")`, `lower(${text}::text)`);
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
  return fitting(field, () => {
    if (Object.hasOwn(BUILT_IN, field.name) && field.type === 'datetime')
      return new Date(datetimeOf(unwrapped(operand)));
    const value = readValue(field, operand);
    if (value === null) throw new ValueError('null is no value to compare with.');
    return isNumeric(field) ? toNumber(value) : value;
  });
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
