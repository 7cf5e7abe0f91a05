import { Injectable } from '@nestjs/common';
import { rateLimited } from '../common/domain-error.js';
import { Settings } from '../config/settings.js';
import { EventLog } from '../events/event-log.js';
import type { DomainEvent } from '../events/domain-event.js';
import { Hub } from './hub.js';
import { Replay } from './replay.js';
import { RoomDirectory } from './room-directory.js';
import { Membership, type Session } from './session.js';
import { SessionRegistry } from './session-registry.js';

/** Where a returning client says it stopped. Without an epoch the number alone is believed. */
export interface ResumeFrom {
  seq: number;
  epoch?: string;
}

/** Where a client stands right after it joined. */
export interface JoinedAt {
  position: number;
  epoch: string;
  /** The log does not reach back to where the client stopped: it has to read the state again, then goes on from here. */
  resync: boolean;
}

interface Start {
  seq: number;
  resync: boolean;
  missed: DomainEvent[];
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

  /**
   * Joins, or returns null when there is no such room or it is not theirs. `joined` is called before the first event is
   * sent; everything committed from then on will arrive.
   */
  async join(
    session: Session,
    room: string,
    from: ResumeFrom | null,
    joined: (at: JoinedAt) => void,
  ): Promise<boolean> {
    const present = session.memberships.get(room);
    if (present && from) this.sessions.leave(present);
    else if (present) {
      joined({ position: present.seq, epoch: await this.log.epoch(), resync: false });
      return true;
    }
    if (session.memberships.size >= this.settings.maxRoomsPerSession) {
      throw rateLimited('room.too_many', `A session may be in at most ${this.settings.maxRoomsPerSession} rooms.`);
    }
    const membership = new Membership(session, room);
    session.memberships.set(room, membership);
    try {
      return await this.enter(membership, from, joined);
    } catch (error) {
      this.sessions.leave(membership);
      throw error;
    }
  }

  /** Leaves at once; leaving a room one is not in is no error. */
  leave(session: Session, room: string): void {
    const membership = session.memberships.get(room);
    if (membership) this.sessions.leave(membership);
  }

  private async enter(
    membership: Membership,
    from: ResumeFrom | null,
    joined: (at: JoinedAt) => void,
  ): Promise<boolean> {
    const epoch = await this.log.epoch();
    let start: Start;
    do {
      membership.stale = false;
      const open = await this.directory.open(membership.room, membership.session.identity);
      if (!open) this.sessions.leave(membership);
      if (!open || membership.left) return false;
      await this.hub.attach(membership, open);
      start = await this.startingPoint(membership, from, epoch);
      if (membership.left) return false;
      // Access changed while we asked: the answer may be older than the change.
    } while (membership.stale);

    const { head } = membership.feed!;
    if (start.resync) this.sessions.counts.resyncs += 1;
    else if (from) this.sessions.counts.resumes += 1;
    membership.seq = from && !start.resync ? start.seq : head;
    this.replay.begin(membership, start.missed, () =>
      joined({ position: membership.seq, epoch, resync: start.resync }),
    );
    return true;
  }

  private async startingPoint(membership: Membership, from: ResumeFrom | null, epoch: string): Promise<Start> {
    const feed = membership.feed;
    if (!from || !feed) return { seq: 0, resync: false, missed: [] };
    const lost = { seq: 0, resync: true, missed: [] };
    if (from.epoch !== undefined && from.epoch !== epoch) return lost;
    if (from.seq > feed.head) {
      const { seq } = await this.log.head(feed.stream);
      return from.seq > seq ? lost : { seq: from.seq, resync: false, missed: [] };
    }
    if (from.seq === feed.head) return { seq: from.seq, resync: false, missed: [] };
    const missed = await feed.missed(from.seq);
    return missed[0]?.seq === from.seq + 1 ? { seq: from.seq, resync: false, missed } : lost;
  }
}
