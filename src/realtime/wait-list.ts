import type { DomainEvent } from '../events/domain-event.js';

/** Told what passes the feed of a stream, in order, after the sessions that are in its rooms. */
export interface FeedListener {
  took(events: DomainEvent[]): void;
}

/** One request that waits for the next event of one room of a stream. */
export class Waiter {
  /** What came before it was known from where to count. */
  private heard: DomainEvent[] | null = [];
  private after = 0;
  private settle: (event: DomainEvent | null) => void;
  /** The event; null when the wait was ended without one. */
  readonly first = new Promise<DomainEvent | null>((resolve) => (this.settle = resolve));

  constructor(
    readonly room: string | null,
    private readonly types: readonly string[],
  ) {}

  /** From here on the first event after this number is what it waits for, also when it has come already. */
  countFrom(after: number): void {
    const heard = this.heard ?? [];
    this.after = after;
    this.heard = null;
    heard.forEach((event) => this.hear(event));
  }

  hear(event: DomainEvent): void {
    if (!this.types.includes(event.type)) return;
    if (this.heard) this.heard.push(event);
    else if (event.seq > this.after) this.settle(event);
  }

  end(): void {
    this.settle(null);
  }
}

/** Those who wait for one stream, by room: an event costs only those whose room it is in. */
export class WaitList implements FeedListener {
  private readonly rooms = new Map<string | null, Set<Waiter>>();

  get empty(): boolean {
    return this.rooms.size === 0;
  }

  add(waiter: Waiter): void {
    const others = this.rooms.get(waiter.room);
    if (others) others.add(waiter);
    else this.rooms.set(waiter.room, new Set([waiter]));
  }

  remove(waiter: Waiter): void {
    const all = this.rooms.get(waiter.room);
    all?.delete(waiter);
    if (all?.size === 0) this.rooms.delete(waiter.room);
  }

  took(events: DomainEvent[]): void {
    for (const event of events) for (const waiter of this.rooms.get(event.room) ?? []) waiter.hear(event);
  }

  *all(): Iterable<Waiter> {
    for (const waiters of this.rooms.values()) yield* waiters;
  }
}
