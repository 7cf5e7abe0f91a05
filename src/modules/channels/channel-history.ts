import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import type { DataSource, EntityManager } from 'typeorm';
import type { JsonObject } from '../../common/json.js';
import type { DomainEvent } from '../../events/domain-event.js';
import { EventLog } from '../../events/event-log.js';
import { numberedView } from '../../events/event-writer.js';
import type { Feed } from '../../realtime/session.js';
import { channelStreams } from './channels.streams.js';

/** Of each room only this many of the newest messages are shown. */
const SHOWN_PER_ROOM = 1000;
/** What counts as a message: what was published, and what happened to objects. Not what happened to the channel. */
export const MESSAGE_TYPES = ['message', 'object'];

const MESSAGES = `
  FROM events
  WHERE stream = $1 AND created_at >= $2 AND type = ANY($3) AND ($4::text IS NULL OR room = $4)`;
const NEWEST_OF_ONE_ROOM = `
  SELECT seq, created_at, numbered, resource ${MESSAGES}
  ORDER BY seq DESC LIMIT ${SHOWN_PER_ROOM}`;
const NEWEST_OF_EVERY_ROOM = `
  SELECT * FROM (
    SELECT seq, created_at, numbered, resource, row_number() OVER (PARTITION BY room ORDER BY seq DESC) AS age ${MESSAGES}
  ) AS message
  WHERE age <= ${SHOWN_PER_ROOM}`;

/** Which messages to take. */
export interface ChannelHistoryQuery {
  /** Undefined: every room. Null: the channel has no rooms. */
  room: string | null | undefined;
  last_id?: number;
  before?: number;
  limit: number;
  /** Newest first unless asked otherwise. */
  order?: 'newest' | 'oldest';
  /** Where the channel's stream stands. */
  head: number;
}

/** Reads a channel's messages from the log, newest first, and hides what is too old or too many. */
@Injectable()
export class ChannelHistory {
  constructor(
    private readonly log: EventLog,
    @InjectDataSource() private readonly dataSource: DataSource,
  ) {}

  async page(manager: EntityManager, channelId: number, query: ChannelHistoryQuery): Promise<JsonObject[]> {
    const { room, last_id: afterSeq, before: beforeSeq, limit, head, order = 'newest' } = query;
    const stream = channelStreams.channel(channelId);
    const events = await this.log.history(
      stream,
      { room, types: MESSAGE_TYPES, afterSeq, beforeSeq, limit, order },
      manager,
    );
    // With fewer events than that after them, none of these can be one too many.
    const oldest = Math.min(head, ...events.map(({ seq }) => seq));
    if (head - oldest < SHOWN_PER_ROOM) return events.map((event) => event.resource!);
    const keptSince = this.log.keptSince();
    const parameters = [stream, keptSince, MESSAGE_TYPES, room ?? null, afterSeq ?? 0, beforeSeq ?? head + 1, limit];
    const shown = room === undefined ? NEWEST_OF_EVERY_ROOM : NEWEST_OF_ONE_ROOM;
    const rows: { seq: string; created_at: Date; numbered: boolean; resource: JsonObject }[] = await manager.query(
      `SELECT * FROM (${shown}) AS shown WHERE seq > $5 AND seq < $6
       ORDER BY seq ${order === 'oldest' ? 'ASC' : 'DESC'} LIMIT $7`,
      parameters,
    );
    return rows.map(({ seq, created_at, numbered, resource }) =>
      numberedView(resource, numbered, Number(seq), created_at.toISOString())!,
    );
  }

  /** The oldest message of one room after a number, of those that are still shown and have passed the feed. */
  async first(feed: Feed, room: string | null, afterSeq: number): Promise<DomainEvent | null> {
    const { stream, head } = feed;
    if (head <= afterSeq) return null;
    // Among so few none is one too many.
    const near = head - afterSeq <= SHOWN_PER_ROOM ? await feed.missed(afterSeq) : [];
    const found = near.find((event) => event.room === room && MESSAGE_TYPES.includes(event.type));
    if (found) return found;
    if ((near.at(-1)?.seq ?? 0) >= head) return null;
    const hidden = head - afterSeq > SHOWN_PER_ROOM ? await this.newestHidden(stream, room) : 0;
    const query = {
      room,
      types: MESSAGE_TYPES,
      afterSeq: Math.max(afterSeq, hidden),
      order: 'oldest',
      limit: 1,
    } as const;
    return (await this.log.history(stream, query))[0] ?? null;
  }

  /** The number of the newest message of the room that is one too many; 0 when there is none. */
  private async newestHidden(stream: string, room: string | null): Promise<number> {
    const [hidden] = await this.dataSource.query<{ seq: string }[]>(
      `SELECT seq FROM events
       WHERE stream = $1 AND created_at >= $2 AND type = ANY($3) AND room IS NOT DISTINCT FROM $4
       ORDER BY seq DESC OFFSET ${SHOWN_PER_ROOM} LIMIT 1`,
      [stream, this.log.keptSince(), MESSAGE_TYPES, room],
    );
    return hidden ? Number(hidden.seq) : 0;
  }
}
