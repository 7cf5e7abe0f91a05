import {
  credentialRequired,
  administratorsOnly,
  issuerUnavailable,
  tokenExpired,
  tokenInvalid,
} from '../auth/auth.errors.js';
import { serviceUnavailable } from '../common/connection-errors.js';
import { DomainError, type KnownError } from '../common/domain-error.js';
import { addressErrors, bodyErrors, statusOf } from '../common/http/framework-errors.js';
import { STATUS_OF_KIND } from '../common/http/http-status.js';
import { requestInvalid } from '../common/http/validation.pipe.js';
import { answerLost, inProgress, keyInvalid, keyReused } from '../idempotency/idempotency.errors.js';
import { mayBeRepeated } from '../idempotency/repeatable-routes.js';
import { isLimited } from '../limits/address-limit.js';
import { tooManyRequests } from '../limits/rate-limits.js';
import type { ApiRoute } from './api-route.js';

/** The codes with which a route may be refused, by status. */
export type PossibleErrors = Map<number, Set<string>>;

/** What a route that changes nothing is never refused with, whatever else its controller says. */
const ONLY_OF_CHANGES: readonly KnownError['kind'][] = ['conflict', 'unprocessable', 'too_large'];

/** Everything that stands between a request and its answer, and what of it may refuse this route. */
export function possibleErrors(method: string, path: string, route: ApiRoute): PossibleErrors {
  const reads = method === 'GET';
  const errors: (KnownError | DomainError)[] = [
    new DomainError('internal', '', { status: 'internal' }),
    // Whoever watches this server always gets an answer.
    ...(isLimited(path) ? [tooManyRequests(1), serviceUnavailable()] : []),
    ...(path.includes('{') ? addressErrors() : []),
    ...(reads ? [] : bodyErrors()),
    ...(route.validated ? [requestInvalid([])] : []),
    ...(route.public ? [] : [credentialRequired, tokenExpired, tokenInvalid, issuerUnavailable]),
    ...(route.administratorOnly ? [administratorsOnly] : []),
    ...(mayBeRepeated(method, path, route.config) ? [keyInvalid, keyReused, inProgress, answerLost] : []),
    ...route.throws.filter(({ kind }) => !reads || !ONLY_OF_CHANGES.includes(kind)),
  ];
  const byStatus: PossibleErrors = new Map();
  for (const error of errors) {
    const status = error instanceof DomainError ? statusOf(error) : STATUS_OF_KIND[error.kind];
    byStatus.set(status, (byStatus.get(status) ?? new Set()).add(error.code));
  }
  return byStatus;
}
