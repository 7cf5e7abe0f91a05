import { STATUS_CODES } from 'node:http';
import type { JsonObject } from '../common/json.js';
import type { PossibleErrors } from './possible-errors.js';

interface Schema {
  [keyword: string]: unknown;
}

interface Reply {
  description: string;
  headers?: object;
  content?: { [type: string]: { schema?: Schema } };
}

/** The statuses that say when to try again. */
const COME_BACK = [429, 503];
const RETRY_AFTER = { 'Retry-After': { description: 'In seconds.', schema: { type: 'integer' } } };

export const ERROR_SCHEMA = 'ErrorReply';

/** `ErrorBody`, as a component that all error replies share. */
export const errorSchema = {
  type: 'object',
  required: ['error'],
  additionalProperties: false,
  properties: {
    error: {
      type: 'object',
      required: ['code', 'message', 'details'],
      additionalProperties: false,
      properties: {
        code: { type: 'string', description: 'For programs.' },
        message: { type: 'string', description: 'For people.' },
        details: { type: 'object', nullable: true, additionalProperties: true },
      },
    },
  },
} satisfies JsonObject;

/** The replies of an operation with those that refuse it. A status that has a reply of its own may be either. */
export function withErrors(replies: Record<string, Reply>, errors: PossibleErrors): Record<string, Reply> {
  const all = { ...replies };
  for (const [status, codes] of errors) {
    const sorted = [...codes].sort();
    const own = all[status]?.content?.['application/json']?.schema;
    const refusal = refusalSchema(sorted);
    const description = `${STATUS_CODES[status]}: ${sorted.map((code) => `\`${code}\``).join(', ')}`;
    const schema = own ? { anyOf: [own, refusal] } : refusal;
    const content = { ...all[status]?.content, 'application/json': { schema } };
    all[status] = { description, content, ...(COME_BACK.includes(status) && { headers: RETRY_AFTER }) };
  }
  return all;
}

function refusalSchema(codes: string[]): Schema {
  const error = { type: 'object', properties: { code: codeSchema(codes) } };
  return {
    allOf: [{ $ref: `#/components/schemas/${ERROR_SCHEMA}` }, { type: 'object', properties: { error } }],
  };
}

/** `poll.*` stands for all codes that begin with `poll.` */
function codeSchema(codes: string[]): Schema {
  const named = codes.filter((code) => !code.endsWith('.*'));
  const features = codes.filter((code) => code.endsWith('.*')).map((code) => code.slice(0, -2));
  const schemas: Schema[] = named.length > 0 ? [{ type: 'string', enum: named }] : [];
  if (features.length > 0) schemas.push({ type: 'string', pattern: `^(${features.join('|')})\\.` });
  return schemas.length === 1 ? schemas[0]! : { anyOf: schemas };
}
