import type { Author } from '../common/author.js';
import { currentRequest } from '../common/request-context.js';
import { authorOf, type Identity } from './identity.js';

/** Who is behind what the caller does now, and the id of the request in which they do it; null outside of any. */
export function causeBy(identity: Identity): { author: Author; requestId: string | null } {
  const request = currentRequest();
  return { author: request?.author ?? authorOf(identity), requestId: request?.requestId ?? null };
}
