import { Logger } from '@nestjs/common';
import { SparseLog } from '../common/logging/sparse-log.js';
import type { StreamHint } from '../events/bus/event-bus.js';
import type { DomainEvent } from '../events/domain-event.js';
import type { EventLog } from '../events/event-log.js';
import { WrittenEvent } from '../events/written-event.js';
import { distribute } from './delivery.js';
import { traceDelivery } from './delivery-trace.js';
import type { RealtimeCounts } from './realtime-counts.js';
import { RecentEvents, type SharedMemory } from './recent-events.js';
import type { Feed, Membership } from './session.js';
import type { FeedListener } from './wait-list.js';

/** Events delivered in one turn of the event loop at most; between turns the sockets get their writes done. */
const MAX_CHUNK = 256;
/** A turn aims at no more than this for each socket, so that large events do not make healthy clients look slow. */
const TURN_BYTES = 256 * 1024;
const FEW_MEMBERSHIPS = 8;
/** Events read at once for clients that return. */
const PAGE = 500;
const RETRY_MS = 250;
/** Hinted events kept while a hole is being read; what does not fit is read from the log. */
const MAX_PENDING = 1_000;

const logger = new Logger('StreamFeed');
/** For all feeds together: when the log cannot be read, all of them find out. */
const failures = new SparseLog(logger);

/** Applied before an event that was committed after a change of access may be delivered. */
export interface AccessGate {
  /** Resolves when every access change up to this number has been applied to the sessions of this node. */
  applied(fence: number): Promise<void> | null;
}

/**
 * The flow of one stream on this node: takes hints in any order, delivers events strictly one after the other, and
 * reads the log wherever a hint is missing.
 */
export class StreamFeed implements Feed {
  readonly memberships = new Set<Membership>();
  readonly listeners = new Set<FeedListener>();
  /** Everything up to here has been delivered to the live memberships. */
  head = 0;
  private readonly pending = new Map<number, DomainEvent>();
  private readonly recent: RecentEvents;
  /** Pages that are being read for clients that return, by the number they begin after. */
  private readonly pages = new Map<number, Promise<DomainEvent[]>>();
  /** The stream is known to reach this far. */
  private known = 0;
  private chunk = MAX_CHUNK;
  private running = false;
  private opened = false;
  private closed = false;

  constructor(
    readonly stream: string,
    private readonly log: EventLog,
    private readonly gate: AccessGate,
    private readonly counts: RealtimeCounts,
    memory: SharedMemory,
    /** Whether each delivery gets a line in the log. */
    private readonly traced = false,
  ) {
    this.recent = new RecentEvents(memory);
  }

  /** Starts the flow after this number. Hints that came before are kept. */
  open(head: number): void {
    this.head = head;
    this.opened = true;
    this.run();
  }

  close(): void {
    this.closed = true;
    this.pending.clear();
    this.recent.forget();
  }

  hint(hint: StreamHint): void {
    this.known = Math.max(this.known, hint.to);
    for (const event of hint.events ?? []) {
      if (event.seq > this.head && this.pending.size < MAX_PENDING) this.pending.set(event.seq, event);
    }
    this.run();
  }

  /** The log says that the stream reaches this far. */
  reaches(seq: number): void {
    this.known = Math.max(this.known, seq);
    this.run();
  }

  /** From memory where it reaches back so far; otherwise one page of the log serves all who ask for the same meanwhile. */
  async missed(after: number): Promise<DomainEvent[]> {
    const recent = this.recent.after(after);
    if (recent && this.log.keeps(recent)) return recent;
    let page = this.pages.get(after);
    if (!page) {
      page = this.readPage(after).finally(() => this.pages.delete(after));
      this.pages.set(after, page);
    }
    return page;
  }

  private async readPage(after: number): Promise<DomainEvent[]> {
    this.counts.pageReads += 1;
    const events = await this.log.read(this.stream, after, PAGE);
    if (!this.closed) this.recent.addOlder(events, this.head);
    return events;
  }

  private run(): void {
    if (this.running || !this.opened || this.closed || this.known <= this.head) return;
    this.running = true;
    const deliver = (): void =>
      void this.deliverAll().finally(() => {
        this.running = false;
        this.run();
      });
    // A few writes are done before the writer gets its answer. Many would keep it waiting, so they have the next turn,
    // in which the events of all commits that finish in this one leave together.
    if (this.memberships.size <= FEW_MEMBERSHIPS) queueMicrotask(deliver);
    else setImmediate(deliver);
  }

  private async deliverAll(): Promise<void> {
    while (!this.closed && this.known > this.head) {
      try {
        const events = this.takePending() ?? (await this.readHole());
        const gate = this.gate.applied(events.reduce((fence, event) => Math.max(fence, event.fence), 0));
        if (gate) await this.counts.waitedFor(gate);
        if (this.closed) return;
        this.advance(events);
      } catch (error) {
        failures.warn('Reading streams failed and will be repeated', error);
        await new Promise((resolve) => setTimeout(resolve, RETRY_MS).unref());
      }
      if (this.known > this.head) await new Promise((resolve) => setImmediate(resolve));
    }
  }

  /** The hinted events that follow the head without a hole; null when the next one is not among them. */
  private takePending(): DomainEvent[] | null {
    const events: DomainEvent[] = [];
    for (let seq = this.head + 1; events.length < this.chunk; seq += 1) {
      const event = this.pending.get(seq);
      if (!event) break;
      events.push(event);
    }
    return events.length > 0 ? events : null;
  }

  private async readHole(): Promise<DomainEvent[]> {
    this.counts.holeReads += 1;
    const events = await this.log.read(this.stream, this.head, this.chunk);
    const first = events[0]?.seq ?? this.known + 1;
    if (first > this.head + 1) await this.skipTo(first - 1);
    return events;
  }

  /** The log does not keep what comes next (a node that slept through the retention): say so, never skip silently. */
  private async skipTo(seq: number): Promise<void> {
    const epoch = await this.log.epoch();
    this.head = seq;
    this.recent.forget();
    for (const membership of this.memberships) {
      if (membership.state !== 'live' || membership.seq >= seq) continue;
      membership.seq = seq;
      this.counts.resyncs += 1;
      membership.session.send(membership.words.resync(membership.room, seq, epoch));
    }
  }

  private advance(events: DomainEvent[]): void {
    const last = events.at(-1);
    if (!last) return;
    this.head = last.seq;
    this.recent.add(events);
    for (const event of events) this.pending.delete(event.seq);
    for (const seq of this.pending.keys()) if (seq <= this.head) this.pending.delete(seq);
    const bytes = distribute(this.memberships, events);
    for (const listener of this.listeners) listener.took(events);
    events.forEach(WrittenEvent.forgetText);
    this.counts.delivered(events[0]!);
    if (this.traced) traceDelivery(logger, 'Delivered', this.stream, events, this.memberships.size);
    const fitting = Math.floor((events.length * TURN_BYTES) / Math.max(bytes, 1));
    this.chunk = Math.min(MAX_CHUNK, Math.max(1, fitting, Math.floor(this.chunk / 4)));
  }
}
