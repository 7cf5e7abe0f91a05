import { isObject, type JsonObject, type JsonValue, parseJson } from '../../common/json.js';
import { isStorableJson } from '../../common/json-limits.js';
import { isStorable } from '../../common/text.js';
import type { SchemaField } from './class-schema.js';

const MAX_STRING = 128;
const MAX_TEXT = 32_000;
const DATETIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,6})?Z$/;

/** What was sent is not what the field takes; says why. */
export class ValueError extends Error {}

/** A change that depends on what is there: `{"_increment": 1}`, `{"_add": [...]}`. */
export interface Operation {
  verb: '_increment' | '_add' | '_addunique' | '_remove';
  operand: JsonValue;
}

type Scalar = string | number | boolean;

/** A value in the one form in which it is stored. Replies wrap some values; what comes back wrapped is taken as well. */
export function readValue({ type }: SchemaField, sent: unknown): JsonValue {
  if (sent === null) return null;
  switch (type) {
    case 'string':
      return textOf(sent, MAX_STRING);
    case 'text':
      return textOf(sent, MAX_TEXT);
    case 'integer':
      return integerOf(sent, 'A valid integer is required.');
    case 'float':
      return numberOf(sent);
    case 'boolean':
      return booleanOf(sent);
    case 'datetime':
      return datetimeOf(unwrapped(sent));
    case 'reference':
      return integerOf(unwrapped(sent), 'Not a valid reference.');
    case 'relation':
      return idsOf(unwrapped(sent));
    case 'object':
      return objectOf(sent);
    case 'array':
      return arrayOf(sent);
    case 'geopoint':
      return pointOf(sent);
    case 'file':
      throw new ValueError('Files are not supported.');
  }
}

/** The change that was sent in place of a value; null when it is a value. */
export function readOperation({ type }: SchemaField, sent: unknown): Operation | null {
  if (!isObject(sent)) return null;
  const [[verb, operand] = ['', null], ...more] = Object.entries(sent);
  if (more.length > 0) return null;
  if (verb === '_increment' && type === 'integer') {
    return { verb, operand: integerOf(operand, 'A valid integer is required.') };
  }
  if (verb === '_increment' && type === 'float') return { verb, operand: numberOf(operand) };
  if (verb !== '_add' && verb !== '_addunique' && verb !== '_remove') return null;
  const operands = [operand].flat();
  if (type === 'array') return { verb, operand: arrayOf(operands) };
  // Nothing is related twice.
  if (type === 'relation') return { verb: verb === '_add' ? '_addunique' : verb, operand: idsOf(operands) };
  return null;
}

/** What the operation makes of the value that is there; of none it makes one. */
export function operate({ verb, operand }: Operation, value: JsonValue): JsonValue {
  if (verb === '_increment') return numberOf(Number(value ?? 0) + (operand as number));
  const present = (value ?? []) as Scalar[];
  const operands = operand as Scalar[];
  if (verb === '_add') return [...present, ...operands];
  if (verb === '_addunique') return [...new Set([...present, ...operands])];
  return present.filter((one) => !operands.includes(one));
}

/** A stored value as replies and events show it. */
export function showValue({ type, target }: SchemaField, value: JsonValue | undefined): JsonValue {
  if (value === undefined || value === null) return null;
  if (type === 'datetime') return { type, value };
  if (type === 'reference' || type === 'relation') return { type, target: target!, value };
  return type === 'geopoint' ? { type, ...(value as JsonObject) } : value;
}

/** `2015-05-14T17:02:55.638356Z`, so that the order of the texts is the order of the times. */
export function datetimeOf(sent: unknown): string {
  if (typeof sent !== 'string' || !DATETIME.test(sent) || Number.isNaN(Date.parse(sent))) {
    throw new ValueError('Datetime has wrong format. Use this format instead: YYYY-MM-DDThh:mm:ss.uuuuuuZ.');
  }
  const [seconds, digits = ''] = sent.slice(0, -1).split('.') as [string, string?];
  return `${seconds}.${digits.padEnd(6, '0')}Z`;
}

export function unwrapped(sent: unknown): unknown {
  return isObject(sent) && 'value' in sent ? sent.value : sent;
}

function textOf(sent: unknown, maximum: number): string {
  if (typeof sent !== 'string' && typeof sent !== 'number') throw new ValueError('Not a valid string.');
  const text = String(sent);
  if (!isStorable(text)) throw new ValueError('Null characters are not allowed.');
  if ([...text].length > maximum) throw new ValueError(`Ensure this field has no more than ${maximum} characters.`);
  return text;
}

function integerOf(sent: unknown, otherwise: string): number {
  const number = typeof sent === 'string' && /^-?\d{1,15}$/.test(sent) ? Number(sent) : sent;
  if (!Number.isSafeInteger(number)) throw new ValueError(otherwise);
  return number as number;
}

function numberOf(sent: unknown): number {
  const number = typeof sent === 'string' && sent.trim() !== '' ? Number(sent) : sent;
  if (typeof number !== 'number' || !Number.isFinite(number)) throw new ValueError('A valid number is required.');
  return number;
}

function booleanOf(sent: unknown): boolean {
  if ([true, 'true', 'True', 't', 1, '1'].includes(sent as Scalar)) return true;
  if ([false, 'false', 'False', 'f', 0, '0'].includes(sent as Scalar)) return false;
  throw new ValueError(`"${typeof sent === 'object' ? 'object' : String(sent).slice(0, 100)}" is not a valid boolean.`);
}

function idsOf(sent: unknown): number[] {
  if (!Array.isArray(sent)) throw new ValueError('Not a valid list of references.');
  return [...new Set(sent.map((one) => integerOf(one, 'Not a valid list of references.')))];
}

function objectOf(sent: unknown): JsonObject {
  const value: unknown = typeof sent === 'string' ? parseJson(sent) : sent;
  if (!isObject(value)) throw new ValueError('Not a valid object.');
  if (!isStorableJson(value)) throw new ValueError('Null characters are not allowed.');
  return value;
}

function arrayOf(sent: unknown): Scalar[] {
  const value: unknown = typeof sent === 'string' ? parseJson(sent) : sent;
  if (!Array.isArray(value)) throw new ValueError('Not a valid array.');
  const isScalar = (one: unknown): boolean => ['string', 'number', 'boolean'].includes(typeof one);
  if (!value.every(isScalar)) throw new ValueError('Array may contain only strings, numbers and booleans.');
  if (value.some((one) => typeof one === 'string' && !isStorable(one))) {
    throw new ValueError('Null characters are not allowed.');
  }
  return value as Scalar[];
}

function pointOf(sent: unknown): JsonObject {
  const { longitude, latitude } = isObject(sent) ? sent : {};
  const [x, y] = [numberOf(longitude), numberOf(latitude)];
  if (Math.abs(x) > 180 || Math.abs(y) > 90) throw new ValueError('Not a valid geopoint.');
  return { longitude: x, latitude: y };
}
