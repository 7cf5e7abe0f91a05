import type { JsonValue } from '../common/json.js';
import type { DomainEvent } from '../events/domain-event.js';
import type { PresenceChange } from './presence/attendance.js';

/** How one wire protocol says what the hub has to tell. Every answer is one text frame, ready for the wire. */
export interface Dialect {
  readonly name: string;
  /** An event, for everybody who joined the room by this name. */
  event(event: DomainEvent, room: string): string;
  /** Something ephemeral; null when the protocol has no word for it. */
  signal(room: string, data: JsonValue): string | null;
  /** Members have come online or gone; absent, or null, when the protocol has no word for it. */
  presence?(room: string, changes: PresenceChange[]): string | null;
  /** The session has lost the room. */
  revoked(room: string): string;
  /** The log no longer reaches back to where the session stood; it continues from `position`. */
  resync(room: string, position: number, epoch: string): string;
}
