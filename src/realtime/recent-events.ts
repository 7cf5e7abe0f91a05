import type { JsonValue } from '../common/json.js';
import type { DomainEvent } from '../events/domain-event.js';
import { WrittenEvent } from '../events/written-event.js';

/** What one feed remembers at most. */
const MAX_EVENTS = 500;
/** As many more may wait to be forgotten; nobody is served from them. */
const SLACK = 100;
const MAX_BYTES = 1024 * 1024;
/** What all feeds of a node remember together. */
const NODE_BYTES = 32 * 1024 * 1024;
/** What an event takes beside its view, roughly. */
const EVENT_BYTES = 400;

/** What the feeds of a node remember together is bounded: those that have been quiet for longest forget first. */
export class SharedMemory {
  private readonly holders = new Map<RecentEvents, number>();
  private bytes = 0;

  constructor(private readonly limit = NODE_BYTES) {}

  changed(holder: RecentEvents): void {
    this.bytes += holder.bytes - (this.holders.get(holder) ?? 0);
    this.holders.delete(holder);
    if (holder.bytes > 0) this.holders.set(holder, holder.bytes);
    for (const quietest of this.holders.keys()) {
      if (this.bytes <= this.limit) return;
      quietest.forget();
    }
  }
}

/**
 * The newest events that a feed has passed, without a hole, so that clients who come back after a moment need not be
 * served from the log one by one. No truth of its own: what is not here is read there.
 */
export class RecentEvents {
  /** What is remembered takes about this much. */
  bytes = 0;
  private events: DomainEvent[] = [];
  private sizes: number[] = [];

  constructor(private readonly memory: SharedMemory) {}

  /** All events after this number; null when some of them are not remembered. */
  after(seq: number): DomainEvent[] | null {
    const first = this.events[Math.max(0, this.events.length - MAX_EVENTS)]?.seq;
    return first === undefined || seq < first - 1 ? null : this.events.slice(seq + 1 - this.events[0]!.seq);
  }

  /** Takes the next events that the feed has passed. */
  add(events: DomainEvent[]): void {
    const last = this.events.at(-1)?.seq;
    if (last !== undefined && events[0]!.seq !== last + 1) this.forget();
    for (const event of events) {
      const size = sizeOf(event);
      this.events.push(event);
      this.sizes.push(size);
      this.bytes += size;
    }
    // Forgetting moves all that stay, so it is done for many at once.
    if (this.events.length > MAX_EVENTS + SLACK || this.bytes > MAX_BYTES) this.forgetOldest();
    this.memory.changed(this);
  }

  /** Takes older events that somebody has read from the log, as far as they fit; `head` is the last that the feed has passed. */
  addOlder(read: DomainEvent[], head: number): void {
    let next = (this.events[0]?.seq ?? head + 1) - 1;
    for (const event of [...read].reverse()) {
      if (event.seq > next) continue;
      const size = sizeOf(event);
      if (event.seq < next || this.events.length >= MAX_EVENTS || this.bytes + size > MAX_BYTES) break;
      this.events.unshift(event);
      this.sizes.unshift(size);
      this.bytes += size;
      next -= 1;
    }
    this.memory.changed(this);
  }

  forget(): void {
    this.events = [];
    this.sizes = [];
    this.bytes = 0;
    this.memory.changed(this);
  }

  private forgetOldest(): void {
    let surplus = 0;
    while (this.events.length - surplus > MAX_EVENTS || this.bytes > MAX_BYTES) this.bytes -= this.sizes[surplus++]!;
    this.events.splice(0, surplus);
    this.sizes.splice(0, surplus);
  }
}

function sizeOf(event: DomainEvent): number {
  const { path, resource } = event;
  return EVENT_BYTES + (path?.length ?? 0) + (WrittenEvent.textOf(event)?.length ?? roughSize(resource));
}

/** About what the value takes as JSON, without making any. */
function roughSize(value: JsonValue): number {
  if (typeof value === 'string') return value.length + 2;
  if (typeof value !== 'object' || value === null) return 5;
  let size = 2;
  if (Array.isArray(value)) for (const element of value) size += roughSize(element) + 1;
  else for (const key in value) size += key.length + 4 + roughSize(value[key]!);
  return size;
}
