import type { DomainEvent } from '../events/domain-event.js';
import { RoomEncoding } from './room-encoding.js';
import type { Membership } from './session.js';

/** What is kept for those who come back next, in bytes; when it is more, it is made anew. */
const MAX_MISSED_BYTES = 16 * 1024 * 1024;

/**
 * Sends consecutive events of one stream to all its live memberships, encoding each once per room and words.
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
    const { room, words } = membership;
    // Mostly all are in the same room by the same name.
    if (encoding?.room !== room || encoding.words.name !== words.name) {
      encoding = encodingFor(encodings, `${words.name} ${room}`, membership);
    }
    const batch = encoding.batch(taken);
    membership.session.queue.push(batch);
    membership.passed?.(taken);
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
    const { room, words } = membership;
    const encoding = encodingFor(this.encodings, `${words.name} ${stream} ${room}`, membership);
    const before = encoding.bytes;
    membership.session.queue.push(encoding.batch(taken));
    membership.passed?.(taken);
    this.bytes += encoding.bytes - before;
    if (this.bytes <= MAX_MISSED_BYTES) return;
    this.encodings.clear();
    this.bytes = 0;
  }
}

function encodingFor(encodings: Map<string, RoomEncoding>, key: string, { room, words }: Membership): RoomEncoding {
  let encoding = encodings.get(key);
  if (!encoding) encodings.set(key, (encoding = new RoomEncoding(room, words)));
  return encoding;
}
