import type { DomainEvent } from '../events/domain-event.js';
import { resourceText } from '../events/written-event.js';

/**
 * An event as our own clients hear it in a room (`RoomEvent`, as JSON): what happened to what, its number in the stream,
 * and when. Made of what has been written already.
 */
export function resourceEventText(event: DomainEvent, room: string): string {
  const { action, type, path, seq, createdAt } = event;
  const head = JSON.stringify({ action, room, type, path }).slice(0, -1);
  return `${head},"resource":${resourceText(event)},"id":${seq},"created_at":"${createdAt}"}`;
}
