import { Ajv, type ValidateFunction } from 'ajv';
import { RE2JS } from 're2js';
import { z } from 'zod';
import type { JsonObject, JsonValue } from '../../common/json.js';
import { isStorableJson } from '../../common/json-limits.js';
import { Remembered } from '../../common/remembered.js';
import { text } from '../../common/text.js';
import { schemaInvalid, valueInvalid } from './resources.errors.js';

const MAX_BYTES = 64 * 1024;
const MAX_ISSUES = 20;
const MOST_REMEMBERED = 200;

const SCALARS = ['string', 'boolean', 'number', 'integer'] as const;
const size = z.int().nonnegative().optional();
const bound = z.number().optional();

const scalarRules = {
  title: text(0, 1_000).optional(),
  description: text(0, 10_000).optional(),
  default: z.unknown().optional(),
  enum: z.array(z.unknown()).min(1).max(1_000).optional(),
  minimum: bound,
  maximum: bound,
  exclusiveMinimum: bound,
  exclusiveMaximum: bound,
  multipleOf: z.number().positive().optional(),
  minLength: size,
  maxLength: size,
  pattern: text(1, 1_000).optional(),
};

/** One setting: a scalar, an array of scalars, or settings inside it. */
const setting = z.strictObject({
  type: z.enum([...SCALARS, 'array', 'object']),
  ...scalarRules,
  items: z.strictObject({ type: z.enum(SCALARS), ...scalarRules }).optional(),
  minItems: size,
  maxItems: size,
  get properties(): z.ZodOptional<z.ZodRecord<z.ZodString, z.ZodType>> {
    return z.record(z.string(), setting).optional();
  },
  required: z.array(z.string()).optional(),
  additionalProperties: z.boolean().optional(),
});

/** A JSON Schema of settings, of these words only: what it does not have cannot be used to keep the server busy. */
export const settingsSchema = z
  .unknown()
  .refine(isStorableJson, 'must be JSON that can be kept')
  .pipe(setting)
  .refine(({ type }) => type === 'object', 'must describe an object')
  .refine((schema) => Buffer.byteLength(JSON.stringify(schema)) <= MAX_BYTES, `must have at most ${MAX_BYTES} bytes`)
  .transform((schema) => schema as unknown as JsonObject);

/** Patterns come from outside, so they are matched in linear time whatever they are. */
const linearRegExp = Object.assign((pattern: string) => RE2JS.compile(RE2JS.translateRegExp(pattern)), { code: 're2' });

const remembered = new Remembered<ValidateFunction>({ most: MOST_REMEMBERED });

/** Throws unless the schema makes sense. */
export function requireSettingsSchema(schema: JsonObject): void {
  checkerOf(schema);
}

/** The settings with the defaults of those that are not set. Throws when they are not what the schema says. */
export function applySettingsSchema(schema: JsonObject, settings: JsonValue): JsonValue {
  const check = checkerOf(schema);
  const completed = structuredClone(settings);
  if (check(completed)) return completed;
  const issues = (check.errors ?? []).slice(0, MAX_ISSUES).map(({ instancePath, message = 'is not valid' }) => ({
    path: instancePath.slice(1).replaceAll('/', '.').slice(0, 200),
    message,
  }));
  throw valueInvalid(issues);
}

function checkerOf(schema: JsonObject): ValidateFunction {
  const key = JSON.stringify(schema);
  let checker = remembered.get(key);
  if (!checker) {
    remembered.set(key, (checker = compile(schema)));
  }
  return checker;
}

function compile(schema: JsonObject): ValidateFunction {
  try {
    const ajv = new Ajv({
      allErrors: true,
      useDefaults: true,
      multipleOfPrecision: 9,
      strictTypes: true,
      strictRequired: false,
      logger: false,
      code: { regExp: linearRegExp },
    });
    return ajv.compile(schema);
  } catch (error) {
    throw schemaInvalid(`The schema makes no sense: ${(error as Error).message.slice(0, 200)}`);
  }
}
