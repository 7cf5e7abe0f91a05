import { conflict, invalid } from '../common/domain-error.js';

export const keyInvalid = invalid.define(
  'idempotency.key_invalid',
  'An Idempotency-Key is a text of 1 to 255 visible ASCII characters.',
);

export const keyReused = conflict.define(
  'idempotency.key_reused',
  'This Idempotency-Key came with another request before.',
);

export const inProgress = conflict.define(
  'idempotency.in_progress',
  'The request with this Idempotency-Key is still being served.',
  {
    retry_after: 1,
  },
);

export const answerLost = conflict.define(
  'idempotency.answer_lost',
  'The request with this Idempotency-Key was carried out, but its answer was lost: read what it changed.',
);
