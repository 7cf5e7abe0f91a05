import type { JsonValue } from '../common/json.js';
import type { DomainEvent } from '../events/domain-event.js';
import type { PresenceChange } from './presence/attendance.js';

/** How the news of a room are said. Every answer is one text frame, ready for the wire; null: there is no word for it. */
export interface RoomWords {
  /** Those of the same name say the same in the same way, so an event is encoded once for all of them. */
  readonly name: string;
  /** The name for these events, where it depends on them who is told the same. */
  nameFor?(events: DomainEvent[]): string;
  /** An event, for everybody who joined the room by this name. */
  event(event: DomainEvent, room: string): string | null;
  /** The session has lost the room. */
  revoked(room: string): string | null;
  /** The log no longer reaches back to where the session stood; it continues from `position`. */
  resync(room: string, position: number, epoch: string): string | null;
}

/** How one wire protocol says what the hub has to tell. */
export interface Dialect extends RoomWords {
  /** Something ephemeral; null when the protocol has no word for it. */
  signal(room: string, data: JsonValue): string | null;
  /** Members have come online or gone; absent, or null, when the protocol has no word for it. */
  presence?(room: string, changes: PresenceChange[]): string | null;
}

/** The words of a session that has nothing to say by itself. */
export function silent(name: string): Dialect {
  const nothing = (): null => null;
  return { name, event: nothing, signal: nothing, revoked: nothing, resync: nothing };
}
