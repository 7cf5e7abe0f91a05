import type { JsonObject } from '../common/json.js';
import type { DomainEvent } from '../events/domain-event.js';

/** An event as our own clients hear it in a room: what happened to what, its number in the stream, and when. */
export function toResourceEvent(
  { action, type, path, resource, seq, createdAt }: DomainEvent,
  room: string,
): JsonObject {
  return { action, room, type, path, resource, id: seq, created_at: createdAt };
}
