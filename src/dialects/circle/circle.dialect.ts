import type { Dialect } from '../../realtime/dialect.js';

/** What a session says by itself: nothing. Everything is said about a subscription, in the words of its own. */
export const circleDialect: Dialect = {
  name: 'circle',
  event: () => null,
  signal: () => null,
  revoked: () => null,
  resync: () => null,
};
