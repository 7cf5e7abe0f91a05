import { type Dialect, silent } from '../../realtime/dialect.js';

/** What a session says by itself: nothing. Everything is said about a resource, in the words of its subscription. */
export const msquaredDialect: Dialect = silent('msquared');
