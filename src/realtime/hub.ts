import { Injectable, Logger, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import type { JsonObject, JsonValue } from '../common/json.js';
import { SparseLog } from '../common/logging/sparse-log.js';
import { Settings } from '../config/settings.js';
import { SharedLookup } from '../database/shared-lookup.js';
import { Transactions } from '../database/transactions.js';
import { ACCESS_STREAM } from '../events/access-changes.js';
import { EventBus, type Signal, type StreamHint } from '../events/bus/event-bus.js';
import { EventLog } from '../events/event-log.js';
import { AccessChanges } from './access-changes.service.js';
import { SharedMemory } from './recent-events.js';
import type { Feed, Membership } from './session.js';
import type { OpenRoom } from './room-source.js';
import { SessionRegistry } from './session-registry.js';
import { sendEphemeral, signalStream } from './signals.js';
import { StreamFeed } from './stream-feed.js';
import type { FeedListener } from './wait-list.js';

const SWEEP_CHUNK = 1_000;

/** How far a stream has come, and the changes of access at that moment. */
interface Heads {
  stream: number;
  access: number;
}

/** A feed that somebody listens to. */
export interface Listening {
  feed: Feed;
  stop(): void;
}

/** A room by the name under which it was joined, with the stream that feeds it, null where there is none. */
export type SignalledRoom = Omit<Signal, 'data'>;

/**
 * The meeting point of streams and sessions on this node. Takes hints from the bus, compares the open feeds with the log
 * every few seconds in case a hint was lost, and passes signals on to those who are in the room right now.
 */
@Injectable()
export class Hub implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly failures = new SparseLog(new Logger(Hub.name));
  private readonly memory = new SharedMemory();
  private readonly opening = new Map<string, Promise<StreamFeed>>();
  private readonly heads: SharedLookup<string, Heads>;
  private sweepTimer: NodeJS.Timeout | undefined;
  private sweeping: Promise<void> | null = null;

  constructor(
    private readonly bus: EventBus,
    private readonly log: EventLog,
    private readonly access: AccessChanges,
    private readonly sessions: SessionRegistry,
    private readonly settings: Settings,
    transactions: Transactions,
  ) {
    this.heads = new SharedLookup(transactions, (streams) => this.findHeads(streams));
  }

  async onApplicationBootstrap(): Promise<void> {
    await this.access.start();
    this.bus.listen({
      hints: (hints) => this.take(hints),
      signals: (signals) => signals.forEach((signal) => this.pass(signal)),
      gap: () => void this.sweep(),
    });
    this.sweepTimer = setInterval(() => void this.sweep(), this.settings.sweepIntervalMs);
    this.sweepTimer.unref();
  }

  async onModuleDestroy(): Promise<void> {
    clearInterval(this.sweepTimer);
    for (const session of [...this.sessions.all()]) this.sessions.remove(session);
    await this.sweeping;
  }

  /**
   * Puts a membership on the feed of its room, with everything committed so far behind the feed's head. The caller has
   * to look again at `membership.stale` afterwards: access may have changed while the log was asked.
   */
  async attach(membership: Membership, room: OpenRoom): Promise<void> {
    const stream = room.stream ?? signalStream(membership.session.identity.workspaceId, membership.room);
    membership.sees = room.sees;
    if (membership.feed?.stream === stream) return;
    this.sessions.detach(membership);
    let feed = await this.feed(stream, room.stream !== null);
    // Its last membership may have left while we waited, and closed it.
    while (this.sessions.feeds.get(stream) !== feed) feed = await this.feed(stream, room.stream !== null);
    membership.feed = feed;
    feed.memberships.add(membership);
    if (membership.left) this.sessions.detach(membership);
  }

  /** Tells a listener what passes the feed of a stream from now on, until it is stopped. */
  async listen(stream: string, listener: FeedListener): Promise<Listening> {
    let feed = await this.feed(stream, true);
    while (this.sessions.feeds.get(stream) !== feed) feed = await this.feed(stream, true);
    feed.listeners.add(listener);
    const stop = (): void => {
      feed.listeners.delete(listener);
      this.sessions.discardIdle(feed);
    };
    return { feed, stop };
  }

  /** Tells those who are in the room now, on all nodes; never logged. */
  signal(room: SignalledRoom, data: JsonValue): void {
    this.bus.signal({ ...room, data });
  }

  /** The same from the server itself: a client knows it by the type, which stands in the data as `_type`. */
  signalAs(type: string, room: SignalledRoom, data: JsonObject): void {
    this.signal(room, { ...data, _type: type });
  }

  private async feed(stream: string, logged: boolean): Promise<StreamFeed> {
    const known = this.opening.get(stream) ?? this.sessions.feeds.get(stream);
    if (known) return known;
    const opening = this.openFeed(stream, logged).finally(() => this.opening.delete(stream));
    this.opening.set(stream, opening);
    return opening;
  }

  /** Registered before the log is asked, so that no hint falls between the answer and the start. */
  private async openFeed(stream: string, logged: boolean): Promise<StreamFeed> {
    const feed = new StreamFeed(
      stream,
      this.log,
      this.access,
      this.sessions.counts,
      this.memory,
      this.settings.debugging,
    );
    this.sessions.feeds.set(stream, feed);
    try {
      const heads = logged ? await this.heads.find(stream) : { stream: 0, access: 0 };
      await this.access.applied(heads.access);
      feed.open(heads.stream);
      return feed;
    } catch (error) {
      this.sessions.discard(feed);
      throw error;
    }
  }

  /** One question for all feeds that open in one turn, such as those of somebody who is in many rooms. */
  private async findHeads(streams: string[]): Promise<Heads[]> {
    const heads = await this.log.heads([...new Set(streams), ACCESS_STREAM]);
    const access = heads.get(ACCESS_STREAM) ?? 0;
    return streams.map((stream) => ({ stream: heads.get(stream) ?? 0, access }));
  }

  private take(hints: StreamHint[]): void {
    for (const hint of hints) {
      if (hint.stream === ACCESS_STREAM) this.access.announce(hint);
      this.sessions.feeds.get(hint.stream)?.hint(hint);
    }
  }

  private pass({ stream, workspaceId, room, data }: Signal): void {
    const feed = this.sessions.feeds.get(stream ?? signalStream(workspaceId, room));
    if (feed) sendEphemeral(feed.memberships, room, (dialect) => dialect.signal(room, data));
  }

  /** Finds what no hint announced. */
  private sweep(): Promise<void> {
    this.sweeping ??= this.compareWithLog()
      .catch((error: unknown) => this.failures.warn('The sweep of the log failed and will be repeated', error))
      .finally(() => (this.sweeping = null));
    return this.sweeping;
  }

  private async compareWithLog(): Promise<void> {
    const streams = [ACCESS_STREAM, ...this.sessions.feeds.keys()];
    for (let start = 0; start < streams.length; start += SWEEP_CHUNK) {
      for (const [stream, seq] of await this.log.heads(streams.slice(start, start + SWEEP_CHUNK))) {
        if (stream === ACCESS_STREAM) void this.access.applied(seq);
        else this.sessions.feeds.get(stream)?.reaches(seq);
      }
    }
  }
}
