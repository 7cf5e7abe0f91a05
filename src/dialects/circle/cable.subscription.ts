import type { EventLog } from '../../events/event-log.js';
import type { Start } from '../../realtime/room-joiner.js';
import { RoomGroup, type RoomGroupCore, type RoomGroupOwner, type RoomPart } from '../../realtime/room-group.js';
import type { Channel, Source } from './cable.channels.js';
import type { HistoryRequest } from './cable.commands.js';
import { frames } from './cable.frames.js';

/** What all subscriptions share. */
export interface CableCore extends RoomGroupCore {
  log: EventLog;
}

/** Events that are read at once for a client that asks for what it missed. */
const PAGE = 200;

/** One subscription of one connection: the rooms of the core that feed it, and what the client has missed of them. */
export class CableSubscription {
  private readonly rooms: RoomGroup<Source>;
  private waiting = true;

  constructor(
    readonly identifier: string,
    private readonly owner: RoomGroupOwner,
    channel: Channel,
    private readonly core: CableCore,
  ) {
    this.rooms = new RoomGroup(owner, identifier, channel, core);
  }

  /** Whether it still is one: access may have been lost. */
  get live(): boolean {
    return this.rooms.live;
  }

  /** Goes as far as to all doors; what is committed from now on waits there. False when it may not be. */
  approach(history: HistoryRequest | null): Promise<boolean> {
    return this.rooms.approach((source) => startFor(source, history));
  }

  /** Enters all rooms. `confirm` is left out where the client knows of the subscription already. */
  async enter(history: HistoryRequest | null, confirm: boolean): Promise<void> {
    this.waiting = false;
    const { identifier, rooms } = this;
    const { session } = this.owner;
    const lost = history !== null && rooms.lost;
    if (confirm) session.send(frames.confirm(identifier));
    if (lost) session.send(frames.rejectHistory(identifier));
    if (lost) rooms.startHere();
    await rooms.enter(() => {
      if (history !== null && !lost) session.send(frames.confirmHistory(identifier));
    });
  }

  /**
   * What the client missed. Of a subscription that is restored and waits for this, everything after the client's
   * positions; of a live one what was not sent on this connection.
   */
  async history(history: HistoryRequest): Promise<void> {
    if (this.waiting) {
      await this.rooms.approachAgain((source) => startFor(source, history));
      return this.enter(history, false);
    }
    const { identifier } = this;
    const { session } = this.owner;
    const epoch = await this.core.log.epoch();
    const parts = this.rooms.present;
    const named = parts.map(({ room }) => history.streams?.[room.name]).filter((position) => position != null);
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
  close(): void {
    this.rooms.close();
  }

  /** False when the log does not reach back so far. */
  private async sendMissed({ room, membership, start }: RoomPart<Source>, history: HistoryRequest): Promise<boolean> {
    const stream = membership.feed?.stream;
    if (stream === undefined) return true;
    const { log } = this.core;
    const from = startFor(room, history);
    if (from === null) return true;
    const until = start.seq;
    let seq = 'seq' in from ? from.seq : await log.seqBefore(stream, from.since);
    while (seq < until) {
      const events = await log.read(stream, seq, PAGE);
      if (events[0]?.seq !== seq + 1) return false;
      for (const event of events) {
        if (event.seq > until) break;
        if (!membership.left && (membership.sees?.(event) ?? true)) this.owner.session.send(room.words.event(event));
      }
      seq = events.at(-1)!.seq;
      await this.owner.session.queue.idle();
    }
    return true;
  }
}

/** A position that the client knows wins over the time. */
function startFor({ name }: Source, history: HistoryRequest | null): Start['from'] {
  const position = history?.streams?.[name];
  if (position) return { seq: position.offset, epoch: position.epoch };
  return history?.since == null ? null : { since: new Date(history.since * 1_000) };
}
