import { conflict, type DomainError, invalid } from '../common/domain-error.js';

export const keyInvalid = (): DomainError =>
  invalid('idempotency.key_invalid', 'An Idempotency-Key is a text of 1 to 255 visible ASCII characters.');

export const keyReused = (): DomainError =>
  conflict('idempotency.key_reused', 'This Idempotency-Key came with another request before.');

export const inProgress = (): DomainError =>
  conflict('idempotency.in_progress', 'The request with this Idempotency-Key is still being served.', {
    retry_after: 1,
  });

export const answerLost = (): DomainError =>
  conflict(
    'idempotency.answer_lost',
    'The request with this Idempotency-Key was carried out, but its answer was lost: read what it changed.',
  );
