import type { DomainEvent } from '../events/domain-event.js';
import { RoomEncoding } from './room-encoding.js';
import type { Membership } from './session.js';

/** What is kept for those who come back next, in bytes; when it is more, it is made anew. */
const MAX_MISSED_BYTES = 16 * 1024 * 1024;

/**
 * Sends consecutive events of one stream to all its live memberships, encoding each once per room and dialect.
 * Gives the size of the largest batch, in bytes.
 */
export function distribute(memberships: Iterable<Membership>, events: DomainEvent[]): number {
  const encodings = new Map<string, RoomEncoding>();
  let encoding: RoomEncoding | undefined;
  let largest = 0;
  for (const membership of memberships) {
    if (membership.state !== 'live') continue;
    const taken = membership.take(events);
    if (taken.length === 0) continue;
    const { room, session } = membership;
    // Mostly all are in the same room by the same name.
    if (encoding?.room !== room || encoding.dialect !== session.dialect) {
      encoding = encodingFor(encodings, `${session.dialect.name} ${room}`, membership);
    }
    const batch = encoding.batch(taken);
    session.queue.push(batch);
    largest = Math.max(largest, batch.bytes);
  }
  return largest;
}

/** Sends events that clients missed, encoding them once for all who come back meanwhile. */
export class MissedDelivery {
  private readonly encodings = new Map<string, RoomEncoding>();
  private bytes = 0;

  deliver(membership: Membership, stream: string, events: DomainEvent[]): void {
    const taken = membership.take(events);
    if (taken.length === 0) return;
    const { room, session } = membership;
    const encoding = encodingFor(this.encodings, `${session.dialect.name} ${stream} ${room}`, membership);
    const before = encoding.bytes;
    session.queue.push(encoding.batch(taken));
    this.bytes += encoding.bytes - before;
    if (this.bytes <= MAX_MISSED_BYTES) return;
    this.encodings.clear();
    this.bytes = 0;
  }
}

function encodingFor(encodings: Map<string, RoomEncoding>, key: string, { room, session }: Membership): RoomEncoding {
  let encoding = encodings.get(key);
  if (!encoding) encodings.set(key, (encoding = new RoomEncoding(room, session.dialect)));
  return encoding;
}
