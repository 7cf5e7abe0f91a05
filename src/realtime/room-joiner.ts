import { Injectable } from '@nestjs/common';
import { Settings } from '../config/settings.js';
import { EventLog } from '../events/event-log.js';
import type { DomainEvent } from '../events/domain-event.js';
import { Hub } from './hub.js';
import { Replay } from './replay.js';
import { RoomDirectory } from './room-directory.js';
import { tooManyRooms } from './room.errors.js';
import { Membership, type Session } from './session.js';
import { SessionRegistry } from './session-registry.js';

/** Where a returning client says it stopped. Without an epoch the number alone is believed. */
export interface ResumeFrom {
  seq: number;
  epoch?: string;
}

/** A returning client that knows only when it was last here: gets what was committed from then on. */
export interface ResumeSince {
  since: Date;
}

/** Where a client stands right after it joined. */
export interface JoinedAt {
  position: number;
  epoch: string;
  /** The log does not reach back to where the client stopped: it has to read the state again, then goes on from here. */
  resync: boolean;
}

/** Where a membership begins: what it has seen, and the first of what it missed. */
export interface Start {
  /** Absent: where the feed stands. */
  from: ResumeFrom | ResumeSince | null;
  epoch: string;
  seq: number;
  resync: boolean;
  missed: DomainEvent[];
}

export interface Entering {
  /** Called before the first event is sent; everything committed from then on will arrive. */
  joined(at: JoinedAt): void;
  /** Called once all that was missed has been sent. */
  caughtUp?(): void;
}

/**
 * Lets a session into a room: asks the policy, takes it to where the client stopped, replays what it missed and hands it
 * over to the live feed, without a hole and without a double.
 */
@Injectable()
export class RoomJoiner {
  private readonly replay: Replay;

  constructor(
    private readonly hub: Hub,
    private readonly directory: RoomDirectory,
    private readonly log: EventLog,
    private readonly sessions: SessionRegistry,
    private readonly settings: Settings,
  ) {
    this.replay = new Replay(log, sessions, settings.debugging);
  }

  /** Joins, or returns false when there is no such room or it is not theirs. */
  async join(session: Session, room: string, from: ResumeFrom | null, joined: Entering['joined']): Promise<boolean> {
    const present = session.memberships.get(room);
    if (present && from) this.sessions.leave(present);
    else if (present) {
      joined({ position: present.seq, epoch: await this.log.epoch(), resync: false });
      return true;
    }
    if (session.memberships.size >= this.settings.maxRoomsPerSession) {
      throw tooManyRooms(this.settings.maxRoomsPerSession);
    }
    const membership = new Membership(session, room);
    const start = await this.approach(membership, from);
    return start !== null && this.enter(membership, start, { joined });
  }

  /**
   * The first half of a join, for those who enter several rooms together: goes as far as to the door, where everything
   * committed from now on is waiting. Null when there is no such room or it is not theirs.
   */
  async approach(membership: Membership, from: Start['from']): Promise<Start | null> {
    const { session, label } = membership;
    session.memberships.set(label, membership);
    try {
      return await this.findStart(membership, from);
    } catch (error) {
      this.sessions.leave(membership);
      throw error;
    }
  }

  /** The second half: the events flow. False when access has been lost since. */
  async enter(membership: Membership, approached: Start, { joined, caughtUp }: Entering): Promise<boolean> {
    let start: Start | null = approached;
    // Access changed since: the answer may be older than the change.
    while (membership.stale && start) start = await this.approach(membership, start.from);
    if (!start || membership.left) return false;
    const { counts } = this.sessions;
    if (start.resync) counts.resyncs += 1;
    else if (start.from) counts.resumes += 1;
    membership.seq = start.seq;
    const at = { position: start.seq, epoch: start.epoch, resync: start.resync };
    this.replay.begin(membership, start.missed, () => joined(at), caughtUp);
    return true;
  }

  /** Leaves at once; leaving a room one is not in is no error. */
  leave(session: Session, room: string): void {
    const membership = session.memberships.get(room);
    if (membership) this.sessions.leave(membership);
  }

  private async findStart(membership: Membership, from: Start['from']): Promise<Start | null> {
    const epoch = await this.log.epoch();
    let start: Start;
    do {
      membership.stale = false;
      const open = await this.directory.open(membership.room, membership.session.identity);
      if (!open) this.sessions.leave(membership);
      if (!open || membership.left) return null;
      await this.hub.attach(membership, open);
      start = await this.startingPoint(membership, from, epoch);
      if (membership.left) return null;
      // Access changed while we asked: the answer may be older than the change.
    } while (membership.stale);
    return start;
  }

  private async startingPoint(membership: Membership, from: Start['from'], epoch: string): Promise<Start> {
    const feed = membership.feed;
    const here = { from, epoch, seq: feed?.head ?? 0, resync: false, missed: [] };
    if (!from || !feed) return here;
    if ('since' in from) {
      const before = await this.log.seqBefore(feed.stream, from.since);
      return before < feed.head ? { ...here, seq: before, missed: await feed.missed(before) } : here;
    }
    const lost = { ...here, resync: true };
    if (from.epoch !== undefined && from.epoch !== epoch) return lost;
    if (from.seq > feed.head) {
      const { seq } = await this.log.head(feed.stream);
      return from.seq > seq ? lost : { ...here, seq: from.seq };
    }
    if (from.seq === feed.head) return here;
    const missed = await feed.missed(from.seq);
    return missed[0]?.seq === from.seq + 1 ? { ...here, seq: from.seq, missed } : lost;
  }
}
