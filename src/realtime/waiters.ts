import { Injectable, type OnModuleDestroy } from '@nestjs/common';
import type { DomainEvent } from '../events/domain-event.js';
import { EventLog } from '../events/event-log.js';
import { AccessChanges } from './access-changes.service.js';
import { Hub, type Listening } from './hub.js';
import type { Feed } from './session.js';
import { Waiter, WaitList } from './wait-list.js';

/** What a request waits for. */
export interface Wanted {
  stream: string;
  /** The sub-room of the stream; null for what is in none. */
  room: string | null;
  types: readonly string[];
  /** Finds the first event that has passed the feed already; absent: only what comes from now on is wanted. */
  backlog?: { after: number; first: (feed: Feed) => Promise<DomainEvent | null> };
}

interface OpenList {
  list: WaitList;
  listening: Promise<Listening>;
}

/**
 * Requests that wait for the next event of a stream, fed by the same feeds as the sessions: a waiting one costs an entry
 * in a map, and neither a timer of its own nor a question to the database.
 */
@Injectable()
export class Waiters implements OnModuleDestroy {
  private readonly open = new Map<string, OpenList>();
  private ended = false;

  constructor(
    private readonly hub: Hub,
    private readonly log: EventLog,
    private readonly access: AccessChanges,
  ) {}

  /**
   * Every change of access up to this number has been applied here. Whoever may receive something while this is so, and
   * gets an event with a later fence, has to be asked again.
   */
  get fence(): number {
    return this.access.position;
  }

  /** The next event, or null when the signal, or this node, ended the wait. */
  async next(wanted: Wanted, signal: AbortSignal): Promise<DomainEvent | null> {
    const waiter = new Waiter(wanted.room, wanted.types);
    const end = (): void => waiter.end();
    signal.addEventListener('abort', end, { once: true });
    if (signal.aborted || this.ended) end();
    const open = this.register(wanted.stream, waiter);
    try {
      const { feed } = await open.listening;
      // Registered first, then looked: nothing falls in between.
      const missed = (await wanted.backlog?.first(feed)) ?? null;
      if (missed) return missed;
      waiter.countFrom(wanted.backlog?.after ?? (await this.log.head(wanted.stream)).seq);
      return await waiter.first;
    } finally {
      signal.removeEventListener('abort', end);
      await this.leave(wanted.stream, open, waiter);
    }
  }

  /** Those who wait now. */
  *all(): Iterable<Waiter> {
    for (const { list } of this.open.values()) yield* [...list.all()];
  }

  onModuleDestroy(): void {
    this.ended = true;
    for (const waiter of this.all()) waiter.end();
  }

  private register(stream: string, waiter: Waiter): OpenList {
    let open = this.open.get(stream);
    if (!open) {
      const list = new WaitList();
      open = { list, listening: this.hub.listen(stream, list) };
      this.open.set(stream, open);
    }
    open.list.add(waiter);
    return open;
  }

  /** The last one takes the list off the feed. */
  private async leave(stream: string, open: OpenList, waiter: Waiter): Promise<void> {
    open.list.remove(waiter);
    if (!open.list.empty || this.open.get(stream) !== open) return;
    this.open.delete(stream);
    const listening = await open.listening.catch(() => null);
    listening?.stop();
  }
}
