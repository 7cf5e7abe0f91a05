import { randomUUID } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import { Injectable, type OnModuleDestroy } from '@nestjs/common';
import type { MemberIdentity } from '../../auth/identity.js';
import { EventLog } from '../../events/event-log.js';
import { FrameBatch } from '../frame-batch.js';
import { RoomJoiner, type Start } from '../room-joiner.js';
import { roomForbidden } from '../room.errors.js';
import { Membership, Session } from '../session.js';
import { SessionRegistry } from '../session-registry.js';
import { EventStreamConnection } from './event-stream.connection.js';
import { eventIdInvalid } from './event-stream.errors.js';
import { readEventId, type StreamPositions, toEventId } from './event-stream.schemas.js';
import { EventStreamWords, eventStreamDialect, serverSentEvent } from './event-stream.words.js';

/** A comment, so that whatever stands between does not take silence for the end. */
const PING = ':\n\n';
const PING_MS = 15_000;
/** How long a client waits before it comes back, in ms. */
const RETRY = 'retry: 1000\n';

interface Followed {
  membership: Membership;
  start: Start;
}

/** A client of the stream, with its rooms at the door. */
export interface OpenedStream {
  /** Lets the events flow, behind the head of the response. */
  begin(): Promise<void>;
  /** Its credential has run out. */
  end(): void;
  close(): void;
}

/** Follows rooms for clients that read one long response (docs/dialects/server-sent-events.md). */
@Injectable()
export class EventStreams implements OnModuleDestroy {
  private readonly open = new Set<Session>();
  private readonly timer = setInterval(() => this.ping(), PING_MS).unref();

  constructor(
    private readonly joiner: RoomJoiner,
    private readonly sessions: SessionRegistry,
    private readonly log: EventLog,
  ) {}

  onModuleDestroy(): void {
    clearInterval(this.timer);
  }

  /**
   * Throws `room.forbidden` when any of the rooms may not be joined, `event_stream.id_invalid` for an id that is none of
   * these rooms.
   */
  async follow(
    member: MemberIdentity,
    rooms: string[],
    lastEventId: string | null,
    response: ServerResponse,
  ): Promise<OpenedStream> {
    const last = lastEventId === null ? null : readEventId(lastEventId, rooms.length);
    if (lastEventId !== null && !last) throw eventIdInvalid();
    const positions: StreamPositions = { epoch: await this.log.epoch(), seqs: rooms.map(() => 0) };
    const session = new Session(randomUUID(), member, eventStreamDialect, new EventStreamConnection(response));
    this.sessions.add(session);
    try {
      const followed = await Promise.all(
        rooms.map((room, index) =>
          this.approach(
            new Membership(session, room, room, new EventStreamWords(positions, index, session.id)),
            last,
            index,
          ),
        ),
      );
      return {
        begin: () => this.begin(session, followed, positions),
        end: () => this.end(session),
        close: () => this.close(session),
      };
    } catch (error) {
      this.close(session);
      throw error;
    }
  }

  private async approach(membership: Membership, last: StreamPositions | null, index: number): Promise<Followed> {
    const start = await this.joiner.approach(membership, last && { epoch: last.epoch, seq: last.seqs[index]! });
    if (start) return { membership, start };
    throw roomForbidden();
  }

  private async begin(session: Session, followed: Followed[], positions: StreamPositions): Promise<void> {
    positions.seqs = followed.map(({ start }) => start.seq);
    const rooms = followed.map(({ membership: { room }, start: { seq, resync } }) => ({ room, position: seq, resync }));
    const ready = serverSentEvent({ rooms, epoch: positions.epoch }, { event: 'ready', id: toEventId(positions) });
    session.send(RETRY + ready);
    this.open.add(session);
    await Promise.all(
      followed.map(({ membership, start }) => this.joiner.enter(membership, start, { joined: () => undefined })),
    );
  }

  private end(session: Session): void {
    session.closed = true;
    session.queue.close();
    session.connection.end();
  }

  private close(session: Session): void {
    this.open.delete(session);
    this.sessions.remove(session);
  }

  private ping(): void {
    const ping = new FrameBatch([PING], true);
    for (const session of this.open) session.queue.pushEphemeral(ping);
  }
}
