import { invalid } from '../../common/domain-error.js';

export const eventIdInvalid = invalid.define(
  'event_stream.id_invalid',
  'Last-Event-ID is none that was given for these rooms.',
);
