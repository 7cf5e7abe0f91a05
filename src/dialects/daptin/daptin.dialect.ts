import { type Dialect, silent } from '../../realtime/dialect.js';

/** What a session says by itself: nothing. Everything is said about a topic, in the words of its own. */
export const daptinDialect: Dialect = silent('daptin');
