import type { MemberIdentity } from '../auth/identity.js';
import type { DomainEvent } from '../events/domain-event.js';
import type { Dialect, RoomWords } from './dialect.js';
import { FrameBatch } from './frame-batch.js';
import { type Connection, OutgoingQueue } from './outgoing-queue.js';
import type { OpenRoom } from './room-source.js';
import type { FeedListener } from './wait-list.js';

/** One connected client, whatever the transport: who it is, the rooms it is in, what is on its way to it. */
export class Session {
  /** By label. */
  readonly memberships = new Map<string, Membership>();
  readonly queue: OutgoingQueue;
  closed = false;

  constructor(
    readonly id: string,
    public identity: MemberIdentity,
    readonly dialect: Dialect,
    readonly connection: Connection,
  ) {
    this.queue = new OutgoingQueue(connection);
  }

  /** Sends one frame, after everything that was sent before; null is nothing. */
  send(text: string | null): void {
    if (text !== null) this.queue.push(new FrameBatch([text]));
  }
}

/** What a membership knows of the flow that feeds it. */
export interface Feed {
  readonly stream: string;
  /** Everything up to here has been delivered to the live memberships. */
  readonly head: number;
  readonly memberships: Set<Membership>;
  readonly listeners: Set<FeedListener>;
  /** The events after a number before its head, oldest first: all of them, or a page; only what retention still keeps. */
  missed(after: number): Promise<DomainEvent[]>;
  close(): void;
}

/**
 * One session in one room.
 * opening: asking whether it may join; any access change meanwhile makes it ask again.
 * replaying: reading what it missed from the log, up to where the feed stands.
 * live: gets what the feed gets. left: gets nothing, whatever is still under way.
 */
type MembershipState = 'opening' | 'replaying' | 'live' | 'left';

export class Membership {
  state: MembershipState = 'opening';
  feed: Feed | null = null;
  sees: OpenRoom['sees'] = undefined;
  /** Which of the events that it may see the client has asked for; absent: all of them. */
  wants: ((event: DomainEvent) => boolean) | undefined = undefined;
  /** The number of the last event that was sent, or skipped because it is not for this session. */
  seq = 0;
  /** Access changed while opening: the answer in hand may be out of date. */
  stale = false;
  /** Told of what has just been sent or had no word: for rooms that open others. */
  passed: ((events: DomainEvent[]) => void) | undefined = undefined;

  /**
   * @param label tells it from the session's other memberships, of the same room too.
   * @param words how its events are said.
   */
  constructor(
    readonly session: Session,
    readonly room: string,
    readonly label: string = room,
    readonly words: RoomWords = session.dialect,
  ) {}

  get left(): boolean {
    return this.state === 'left';
  }

  /** What of these consecutive events is still to be sent to this session; moves its position past them all. */
  take(events: DomainEvent[]): DomainEvent[] {
    const last = events.at(-1);
    if (!last || last.seq <= this.seq) return [];
    const after = this.seq;
    this.seq = last.seq;
    if (!this.sees && events[0]!.seq > after) return events;
    return events.filter((event) => event.seq > after && (this.sees?.(event) ?? true));
  }

  /** Of these the ones that the client has asked for: the same list where that is all, so that its frames are made once. */
  wanted(seen: DomainEvent[]): DomainEvent[] {
    const { wants } = this;
    if (!wants) return seen;
    const wanted = seen.filter(wants);
    return wanted.length === seen.length ? seen : wanted;
  }
}
