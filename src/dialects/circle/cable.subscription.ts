import type { EventLog } from '../../events/event-log.js';
import type { DomainEvent } from '../../events/domain-event.js';
import type { RoomJoiner, Start } from '../../realtime/room-joiner.js';
import { Membership, type Session } from '../../realtime/session.js';
import type { SessionRegistry } from '../../realtime/session-registry.js';
import type { Channel, Source } from './cable.channels.js';
import type { HistoryRequest } from './cable.commands.js';
import { frames } from './cable.frames.js';

/** What all subscriptions share. */
export interface CableCore {
  joiner: RoomJoiner;
  sessions: SessionRegistry;
  log: EventLog;
}

/** One room of the core on its way into a subscription. */
interface Part {
  source: Source;
  membership: Membership;
  /** What was sent on this connection came after this number. */
  after: number;
  start: Start;
}

/** Events that are read at once for a client that asks for what it missed. */
const PAGE = 200;

/**
 * One subscription of one connection: the rooms of the core that feed it, entered together, so that the client hears
 * nothing before the confirmation and everything after it.
 */
export class CableSubscription {
  private readonly parts = new Map<string, Part>();
  private main: Membership | null = null;
  private waiting = true;
  /** Rooms are added one after another. */
  private growing: Promise<void> = Promise.resolve();

  constructor(
    readonly identifier: string,
    private readonly session: Session,
    private readonly channel: Channel,
    private readonly core: CableCore,
    /** What could not be entered later on ends the connection: the client comes back and asks for all of it. */
    private readonly failed: (error: unknown) => void,
  ) {}

  /** Whether it still is one: access may have been lost. */
  get live(): boolean {
    return this.main !== null && !this.main.left;
  }

  /** Goes as far as to all doors; what is committed from now on waits there. False when it may not be. */
  async approach(history: HistoryRequest | null): Promise<boolean> {
    const { main } = this.channel;
    if (!(await this.prepare(main, history))) return this.close();
    this.main = this.parts.get(main.streamId)!.membership;
    // Listed once the member's own stream is held: whatever they enter from now on is told there.
    const others = await this.channel.others();
    await Promise.all(others.map((source) => this.prepare(source, history)));
    return this.live || this.close();
  }

  /** Enters all rooms. `confirm` is left out where the client knows of the subscription already. */
  async enter(history: HistoryRequest | null, confirm: boolean): Promise<void> {
    this.waiting = false;
    const { identifier, session } = this;
    const lost = history !== null && [...this.parts.values()].some(({ start }) => start.resync);
    if (confirm) session.send(frames.confirm(identifier));
    if (lost) session.send(frames.rejectHistory(identifier));
    const parts = [...this.parts.values()];
    let missing = parts.length;
    const caughtUp = (): void => {
      missing -= 1;
      if (missing === 0 && history !== null && !lost) session.send(frames.confirmHistory(identifier));
    };
    await Promise.all(
      parts.map(async (part) => {
        if (lost) part.start = fromHere(part);
        const entered = await this.enterPart(part, caughtUp);
        if (!entered) caughtUp();
      }),
    );
  }

  /**
   * What the client missed. Of a subscription that is restored and waits for this, everything after the client's
   * positions; of a live one what was not sent on this connection.
   */
  async history(history: HistoryRequest): Promise<void> {
    if (this.waiting) {
      const parts = [...this.parts.values()];
      for (const part of parts) await this.prepare(part.source, history);
      return this.enter(history, false);
    }
    const { identifier, session } = this;
    const epoch = await this.core.log.epoch();
    const parts = [...this.parts.values()].filter(({ membership }) => !membership.left);
    const named = parts.map(({ source }) => history.streams?.[source.streamId]).filter((position) => position != null);
    if (named.some((position) => position.epoch !== epoch)) return session.send(frames.rejectHistory(identifier));
    for (const part of parts) {
      if (!(await this.sendMissed(part, history))) return session.send(frames.rejectHistory(identifier));
    }
    session.send(frames.confirmHistory(identifier));
  }

  /** For a restored subscription whose client has not said where it stands: from where it was restored. */
  async enterUnasked(): Promise<void> {
    if (this.waiting && this.live) await this.enter(null, false);
  }

  /** Leaves all rooms. */
  close(): false {
    for (const { membership } of this.parts.values()) this.core.sessions.leave(membership);
    this.parts.clear();
    return false;
  }

  private async prepare(source: Source, history: HistoryRequest | null): Promise<boolean> {
    const known = this.parts.get(source.streamId);
    const membership =
      known?.membership.left === false
        ? known.membership
        : new Membership(this.session, source.room, `${this.identifier} ${source.streamId}`, source.words);
    const start = await this.core.joiner.approach(membership, startFor(source, history));
    if (!start) return false;
    if (source === this.channel.main && this.channel.opensWith) membership.passed = (events) => this.grow(events);
    this.parts.set(source.streamId, { source, membership, start, after: start.seq });
    return true;
  }

  private enterPart(part: Part, caughtUp?: () => void): Promise<boolean> {
    part.after = part.start.seq;
    return this.core.joiner.enter(part.membership, part.start, { joined: () => undefined, caughtUp });
  }

  /** A room that the member has come into. What was said there since follows what told of it. */
  private grow(events: DomainEvent[]): void {
    for (const event of events) this.growing = this.growing.then(() => this.open(event)).catch(this.failed);
  }

  private async open(event: DomainEvent): Promise<void> {
    const opened = await this.channel.opensWith!(event);
    const known = opened && this.parts.get(opened.source.streamId);
    if (!opened || !this.live || known?.membership.left === false) return;
    const { source, after } = opened;
    const membership = new Membership(this.session, source.room, `${this.identifier} ${source.streamId}`, source.words);
    const start = await this.core.joiner.approach(membership, { seq: after });
    if (!start) return;
    const part = { source, membership, start, after };
    this.parts.set(source.streamId, part);
    await this.enterPart(part);
  }

  /** False when the log does not reach back so far. */
  private async sendMissed({ source, membership, after }: Part, history: HistoryRequest): Promise<boolean> {
    const stream = membership.feed?.stream;
    if (stream === undefined) return true;
    const { log } = this.core;
    const from = startFor(source, history);
    if (from === null) return true;
    let seq = 'seq' in from ? from.seq : await log.seqBefore(stream, from.since);
    while (seq < after) {
      const events = await log.read(stream, seq, PAGE);
      if (events[0]?.seq !== seq + 1) return false;
      for (const event of events) {
        if (event.seq > after) break;
        if (!membership.left && (membership.sees?.(event) ?? true)) this.session.send(source.words.event(event));
      }
      seq = events.at(-1)!.seq;
      await this.session.queue.idle();
    }
    return true;
  }
}

/** A position that the client knows wins over the time. */
function startFor({ streamId }: Source, history: HistoryRequest | null): Start['from'] {
  const position = history?.streams?.[streamId];
  if (position) return { seq: position.offset, epoch: position.epoch };
  return history?.since == null ? null : { since: new Date(history.since * 1_000) };
}

function fromHere({ start, membership }: Part): Start {
  return { ...start, from: null, seq: membership.feed?.head ?? start.seq, resync: false, missed: [] };
}
