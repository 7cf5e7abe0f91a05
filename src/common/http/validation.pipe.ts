import type { ArgumentMetadata, PipeTransform } from '@nestjs/common';
import { invalid } from '../domain-error.js';

type Schema = NonNullable<ArgumentMetadata['schema']>;
type Validated = Awaited<ReturnType<Schema['~standard']['validate']>>;
type Issue = NonNullable<Validated['issues']>[number];

type DescribedIssue = Record<'path' | 'message', string>;

const MAXIMUM_ISSUES = 20;
const MAXIMUM_CHARACTERS = 200;

/** Says where and what is wrong. */
export const requestInvalid = invalid.define(
  'request.invalid',
  'The request is not valid',
  (issues: DescribedIssue[]) => ({ issues }),
);

/**
 * Gives what the schema of the parameter makes of the value, or says where and what is wrong, never what was sent. At
 * once wherever the schema can. Unlike Nest's own pipe it leaves keys such as `constructor` alone, which are content:
 * Fastify has refused every body that would poison a prototype by now, and our schemas take only the keys that they name.
 */
export class ValidationPipe implements PipeTransform {
  transform(value: unknown, { schema }: ArgumentMetadata): unknown {
    if (!schema) return value;
    const validated = schema['~standard'].validate(value);
    return validated instanceof Promise ? validated.then(outcome) : outcome(validated);
  }
}

function outcome(validated: Validated): unknown {
  if (validated.issues) throw requestInvalid(validated.issues.slice(0, MAXIMUM_ISSUES).map(described));
  return validated.value;
}

function described({ path, message }: Issue): DescribedIssue {
  const steps = (path ?? []).map((step) => String(typeof step === 'object' ? step.key : step));
  return { path: steps.join('.').slice(0, MAXIMUM_CHARACTERS), message: message.slice(0, MAXIMUM_CHARACTERS) };
}
