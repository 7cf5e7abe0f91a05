import { accessChanged } from '../../events/access-changes.js';
import type { EventDraft } from '../../events/domain-event.js';

/**
 * Tells that keys have been changed or withdrawn. No session lives by a key, so it concerns no member: only those whose
 * request waits are asked again who they are.
 */
export function keysChanged(): EventDraft {
  return accessChanged({ members: [] });
}
