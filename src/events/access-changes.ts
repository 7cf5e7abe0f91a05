import type { JsonObject } from '../common/json.js';
import type { DomainEvent, EventDraft } from './domain-event.js';

/** The internal stream of access changes. Its name sorts before every other, so it is also locked first. */
export const ACCESS_STREAM = 'access';

/** Whose access changed, and to what. */
export interface AccessChange {
  /** Ids of the members concerned; absent means everybody. */
  members?: number[];
  /** The streams they may have lost; absent means all streams. */
  streams?: string[];
  /** The members' sessions end altogether (banned, removed, logged out everywhere). */
  ended?: boolean;
}

/**
 * Describes a change of access; write it in the transaction that makes the change. Every node re-authorises the
 * sessions concerned before it delivers any event that was committed later.
 */
export function accessChanged(change: AccessChange): EventDraft {
  return {
    stream: ACCESS_STREAM,
    action: 'changed',
    type: 'access',
    path: null,
    resource: { ...change } as JsonObject,
  };
}

/** Reads an event of the access stream back into the change that it describes. */
export function toAccessChange(event: DomainEvent): AccessChange {
  return (event.resource ?? {}) as AccessChange;
}
