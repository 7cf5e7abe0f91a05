import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { RequestWithIdentity } from '../../auth/auth.decorators.js';
import type { Identity } from '../../auth/identity.js';
import type { ContextNames } from './place.js';
import type { Precondition } from './precondition.js';
import { readContext } from './resource-context.js';

/** What the headers of a request say: who asks, where they are, and which version they reckon with. */
export interface ResourceCall {
  identity: Identity;
  /** Whether the organization is theirs is not known yet. */
  names: ContextNames;
  precondition: Precondition;
}

export const Call = createParamDecorator((_data: unknown, context: ExecutionContext): ResourceCall => {
  const { identity, headers } = context.switchToHttp().getRequest<RequestWithIdentity>();
  if (!identity) throw new Error('Call on a public route');
  const precondition = { match: single(headers['if-match']), noneMatch: single(headers['if-none-match']) };
  return { identity, names: readContext(headers), precondition };
});

function single(header: string | string[] | undefined): string | undefined {
  return Array.isArray(header) ? header.join() : header;
}
