import type { Author } from './author.js';
import { ContextSlot } from './context-slot.js';

/** What is known about the call being served, however deep in the code: set by the door, read by the event log and the logger. */
export interface RequestContext {
  requestId: string;
  author: Author | null;
  workspaceId: number | null;
  /** Written as part of each transaction of the request, right before it commits. */
  beforeCommit?: (transaction: Queries) => Promise<void>;
}

/** A way to the database. */
export interface Queries {
  query(sql: string, parameters?: unknown[]): Promise<unknown>;
}

const slot = new ContextSlot<RequestContext>();

export function currentRequest(): RequestContext | undefined {
  return slot.get();
}

/** Runs work that belongs to no request, or to several at once, although one of them set it off. */
export function runOutsideRequests<T>(work: () => T): T {
  return slot.run(undefined, work);
}

/** Runs `work`, and everything it starts, inside the given context. */
export function runInRequest<T>(context: RequestContext, work: () => T): T {
  return slot.run(context, work);
}
