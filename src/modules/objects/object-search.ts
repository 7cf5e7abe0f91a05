import { isObject, type JsonObject } from '../../common/json.js';
import type { SchemaField } from './class-schema.js';
import { readValue, ValueError } from './object-values.js';
import { queryInvalid } from './objects.errors.js';

/** Gives the place of a parameter in a statement. */
export type Bind = (value: unknown) => string;

/** How many values an operator takes at most. */
export const MAX_LIST = 128;

const EARTH_RADIUS_KILOMETRES = 6_371.0088;
const KILOMETRES_IN_A_MILE = 1.609344;
const NEAR_IN_MILES = 100;
const HALF_THE_EQUATOR_KILOMETRES = 20_038;

/** A condition on lists and places: they are looked for in the object itself, because no index holds them. */
export function withinObject(field: SchemaField, verb: string, operand: unknown, bind: Bind): string {
  const value = `object.data -> ${bind(field.name)}::text`;
  if (verb === '_exists') {
    if (typeof operand !== 'boolean') throw queryInvalid('Invalid value of "_exists": true or false is expected.');
    return `(${value}) IS ${operand ? 'NOT NULL' : 'NULL'}`;
  }
  if (verb === '_contains' && field.type !== 'geopoint') {
    return `coalesce((${value}) @> ${bind(JSON.stringify(listOf(field, operand)))}::jsonb, false)`;
  }
  if (verb === '_near' && field.type === 'geopoint') return near(field, value, operand, bind);
  throw queryInvalid(`Operator "${verb.slice(0, 32)}" is not known for fields of type "${field.type}".`);
}

/** That one of the related ids is among `ids`, which is a statement. */
export function relatedTo(field: SchemaField, ids: string, bind: Bind): string {
  const value = `object.data -> ${bind(field.name)}::text`;
  // The field may have had another type when the object was stored.
  const list = `CASE WHEN jsonb_typeof(${value}) = 'array' THEN ${value} ELSE '[]' END`;
  return `EXISTS (SELECT FROM jsonb_array_elements_text(${list}) related WHERE related IN (SELECT id::text FROM (${ids}) target))`;
}

/** What `read` makes of an operand; an operand that does not fit the field is a fault of the query. */
export function fitting<T>(field: SchemaField, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof ValueError)) throw error;
    throw queryInvalid(`Invalid value of "${field.name}": ${error.message}`);
  }
}

function listOf(field: SchemaField, operand: unknown): unknown {
  const operands = [operand].flat();
  if (operands.length > MAX_LIST) {
    throw queryInvalid(`Invalid value of "_contains": a list of at most ${MAX_LIST} values is expected.`);
  }
  return fitting(field, () => readValue(field, operands));
}

function near(field: SchemaField, value: string, operand: unknown, bind: Bind): string {
  if (!isObject(operand)) throw queryInvalid('Invalid value of "_near": a point is expected.');
  const { latitude, longitude } = fitting(field, () => readValue(field, operand)) as JsonObject;
  const degrees = (name: string): string => `(${value} ->> '${name}')::float8`;
  const [y, x] = [`${bind(latitude)}::float8`, `${bind(longitude)}::float8`];
  const half = (here: string, there: string): string => `power(sin(radians(${here} - ${there}) / 2), 2)`;
  const arc = `${half(degrees('latitude'), y)}
    + cos(radians(${y})) * cos(radians(${degrees('latitude')})) * ${half(degrees('longitude'), x)}`;
  const isPlace = ['latitude', 'longitude'].map((name) => `jsonb_typeof(${value} -> '${name}') = 'number'`);
  return `CASE WHEN ${isPlace.join(' AND ')}
    THEN ${2 * EARTH_RADIUS_KILOMETRES} * asin(sqrt(least(1, ${arc}))) <= ${bind(reachOf(operand))}::float8
    ELSE false END`;
}

/** How far `_near` looks, in kilometres. */
function reachOf({ distance_in_miles: miles, distance_in_kilometers: kilometres }: JsonObject): number {
  const wanted = miles ?? kilometres ?? NEAR_IN_MILES;
  if (typeof wanted !== 'number' || wanted < 0) throw queryInvalid('Invalid distance value.');
  const reach = miles === undefined && kilometres !== undefined ? wanted : wanted * KILOMETRES_IN_A_MILE;
  return Math.min(reach, HALF_THE_EQUATOR_KILOMETRES);
}
