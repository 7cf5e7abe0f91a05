import type { DomainEvent } from '../events/domain-event.js';
import type { RoomWords } from './dialect.js';
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
    const seen = membership.take(events);
    const taken = membership.wanted(seen);
    if (taken.length === 0) {
      if (seen.length > 0) membership.passed?.(seen);
      continue;
    }
    const { room, words } = membership;
    // Mostly all are in the same room by the same name.
    const name = nameOf(words, taken);
    if (encoding?.room !== room || encoding.name !== name) {
      encoding = encodingFor(encodings, `${name} ${room}`, membership, name);
    }
    const batch = encoding.batch(taken);
    membership.session.queue.push(batch);
    membership.passed?.(seen);
    largest = Math.max(largest, batch.bytes);
  }
  return largest;
}

/** Sends events that clients missed, encoding them once for all who come back meanwhile. */
export class MissedDelivery {
  private readonly encodings = new Map<string, RoomEncoding>();
  private bytes = 0;

  deliver(membership: Membership, stream: string, events: DomainEvent[]): void {
    const seen = membership.take(events);
    const taken = membership.wanted(seen);
    if (taken.length === 0) return membership.passed?.(seen);
    const { room, words } = membership;
    const name = nameOf(words, taken);
    const encoding = encodingFor(this.encodings, `${name} ${stream} ${room}`, membership, name);
    const before = encoding.bytes;
    membership.session.queue.push(encoding.batch(taken));
    membership.passed?.(seen);
    this.bytes += encoding.bytes - before;
    if (this.bytes <= MAX_MISSED_BYTES) return;
    this.encodings.clear();
    this.bytes = 0;
  }
}

function nameOf(words: RoomWords, events: DomainEvent[]): string {
  return words.nameFor?.(events) ?? words.name;
}

function encodingFor(
  encodings: Map<string, RoomEncoding>,
  key: string,
  { room, words }: Membership,
  name: string,
): RoomEncoding {
  let encoding = encodings.get(key);
  if (!encoding) encodings.set(key, (encoding = new RoomEncoding(room, words, name)));
  return encoding;
}
