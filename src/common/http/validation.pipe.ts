import { StandardSchemaValidationPipe } from '@nestjs/common';
import { invalid } from '../domain-error.js';

const MAXIMUM_ISSUES = 20;
const MAXIMUM_CHARACTERS = 200;

/** Says where and what is wrong. */
export const requestInvalid = invalid.define(
  'request.invalid',
  'The request is not valid',
  (issues: { path: string; message: string }[]) => ({ issues }),
);

/**
 * Nest deletes keys such as `constructor` and `prototype` wherever they stand, which loses content in silence. Fastify has
 * refused every body that would poison a prototype by now, and our schemas take only the keys that they name.
 */
class SchemaPipe extends StandardSchemaValidationPipe {
  protected override stripProtoKeys(): void {}
}

/** Checks every body, query and parameter that names a schema; says where and what is wrong, never what was sent. */
export function createValidationPipe(): StandardSchemaValidationPipe {
  return new SchemaPipe({
    exceptionFactory: (issues) =>
      requestInvalid(
        issues.slice(0, MAXIMUM_ISSUES).map((issue) => ({
          path: (issue.path ?? [])
            .map((step) => String(typeof step === 'object' ? step.key : step))
            .join('.')
            .slice(0, MAXIMUM_CHARACTERS),
          message: issue.message.slice(0, MAXIMUM_CHARACTERS),
        })),
      ),
  });
}
