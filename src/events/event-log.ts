import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import type { DataSource, EntityManager } from 'typeorm';
import { Clock } from '../common/clock.js';
import { asUnavailable } from '../common/connection-errors.js';
import type { Author } from '../common/author.js';
import type { JsonObject } from '../common/json.js';
import { Settings } from '../config/settings.js';
import { queryPrepared } from '../database/query-prepared.js';
import type { DomainEvent, EventDraft, Position } from './domain-event.js';
import { EventCollector } from './event-collector.js';
import type { AppendOptions } from './append-statement.js';
import { type Appended, numberedView } from './event-writer.js';
import { Retention } from './retention.js';

/** What to take from a stream's history. */
export interface HistoryQuery {
  room?: string | null;
  types?: string[];
  actions?: string[];
  /** Only events with a greater number. */
  afterSeq?: number;
  /** Only events with a smaller number. */
  beforeSeq?: number;
  /** Only events that were committed earlier. */
  before?: Date;
  /** Only what happened to the thing that lives there. */
  path?: string;
  order?: 'newest' | 'oldest';
  limit: number;
}

interface EventRow {
  stream: string;
  seq: string;
  created_at: Date;
  action: string;
  type: string;
  path: string | null;
  room: string | null;
  resource: JsonObject | null;
  concerns: number[] | null;
  version: number;
  author: Author | null;
  request_id: string | null;
  numbered: boolean;
  fence: string;
}

const COLUMNS =
  'stream, seq, created_at, action, type, path, room, resource, author, request_id, numbered, fence, concerns, version';

/** What clients that return wait for. Prepared, because planning it for all partitions takes longer than reading. */
const READ = `
  SELECT ${COLUMNS} FROM events WHERE stream = $1 AND created_at >= $2 AND seq > $3 ORDER BY seq LIMIT $4`;

/** The log of committed events: the truth that every delivery, replay, poll and history is read from. */
@Injectable()
export class EventLog {
  private epochRead: Promise<string> | undefined;

  constructor(
    @InjectDataSource() private readonly dataSource: DataSource,
    private readonly collector: EventCollector,
    private readonly settings: Settings,
    private readonly clock: Clock,
    private readonly retention: Retention,
  ) {}

  /** Adds events by hand to the transaction of `manager`; they are numbered and written when it commits. */
  append(manager: EntityManager, drafts: EventDraft[]): void {
    this.collector.collect(manager.queryRunner, drafts);
  }

  /**
   * Writes the events at once and returns them with their numbers. It locks their streams until the commit, so it has
   * to be the last step of the transaction.
   */
  appendNow(manager: EntityManager, drafts: EventDraft[]): Promise<DomainEvent[]> {
    return this.collector.writeNow(manager.queryRunner, drafts);
  }

  /**
   * Which event was the last to change who may write to the stream, and what; 0 when there was none. Whoever decides by
   * what they read afterwards may go on with it until that number is another one (`appendAlone`).
   */
  async rules(stream: string, manager: EntityManager): Promise<number> {
    const sql = 'SELECT rules_seq FROM streams WHERE name = $1';
    const [row] = await manager.query<{ rules_seq: string }[]>(sql, [stream]);
    return Number(row?.rules_seq ?? 0);
  }

  /**
   * Writes events, with the rows beside them if there are any, in one round trip and a transaction of their own; outside
   * of any other. Null for each draft whose stream has other rules by now; where the streams are several, also for those
   * that somebody else is just writing to. All null when the condition does not hold, or this moment needs more than one
   * statement. For the writers of a GroupCommit, whose answers wait until the bus has been told.
   */
  appendAlone(drafts: EventDraft[], options: AppendOptions): Promise<Appended[]> {
    if (!this.retention.covers(this.clock.now())) return Promise.resolve(drafts.map(() => null));
    return this.collector.writeAlone(drafts, options).catch((error: unknown) => {
      throw asUnavailable(error) ?? error;
    });
  }

  /** Events of a stream after a number, oldest first; only those that retention still keeps. */
  async read(stream: string, afterSeq: number, limit: number): Promise<DomainEvent[]> {
    const since = this.keptSince().toISOString();
    const rows = await queryPrepared<EventRow>(this.dataSource.manager, READ, [stream, since, afterSeq, limit]);
    return rows.map(toDomainEvent);
  }

  /** The number after which the events of a stream were committed from `since` on. */
  async seqBefore(stream: string, since: Date): Promise<number> {
    // From the end backwards: whoever asks has seldom been away for long.
    const before = await this.history(stream, { before: since, limit: 1 });
    const first = before.length > 0 ? [] : await this.history(stream, { order: 'oldest', limit: 1 });
    return before[0]?.seq ?? (first[0] ? first[0].seq - 1 : (await this.head(stream)).seq);
  }

  /** Whether retention still keeps all of these. */
  keeps(events: DomainEvent[]): boolean {
    const since = this.keptSince().toISOString();
    return events.every(({ createdAt }) => createdAt >= since);
  }

  /** A page of a stream, newest first unless asked otherwise; only what retention still keeps. */
  async history(stream: string, query: HistoryQuery, manager?: EntityManager): Promise<DomainEvent[]> {
    const where = ['stream = $1', 'created_at >= $2'];
    const params: unknown[] = [stream, this.keptSince().toISOString()];
    const add = (condition: string, value: unknown): void => {
      params.push(value);
      where.push(condition.replace('?', `$${params.length}`));
    };
    if (query.afterSeq !== undefined) add('seq > ?', query.afterSeq);
    if (query.beforeSeq !== undefined) add('seq < ?', query.beforeSeq);
    if (query.before) add('created_at < ?', query.before.toISOString());
    if (query.path !== undefined) add('path = ?', query.path);
    // Not IS NOT DISTINCT FROM, which no index serves.
    if (query.room === null) where.push('room IS NULL');
    else if (query.room !== undefined) add('room = ?', query.room);
    if (query.types) add('type = ANY(?)', query.types);
    if (query.actions) add('action = ANY(?)', query.actions);
    params.push(query.limit);
    const order = query.order === 'oldest' ? 'ASC' : 'DESC';
    const rows: EventRow[] = await (manager ?? this.dataSource).query(
      `SELECT ${COLUMNS} FROM events WHERE ${where.join(' AND ')} ORDER BY seq ${order} LIMIT $${params.length}`,
      params,
    );
    return rows.map(toDomainEvent);
  }

  /** Where the stream stands now. With a manager: as that transaction sees it. */
  async head(stream: string, manager?: EntityManager): Promise<Position> {
    const heads = await this.heads([stream], manager);
    return { seq: heads.get(stream) ?? 0, epoch: await this.epoch(manager) };
  }

  /** The last number of each stream; a stream that has no event yet is absent. */
  async heads(streams: string[], manager?: EntityManager): Promise<Map<string, number>> {
    const rows: { name: string; last_seq: string }[] = await (manager ?? this.dataSource).query(
      'SELECT name, last_seq FROM streams WHERE name = ANY($1)',
      [streams],
    );
    return new Map(rows.map((row) => [row.name, Number(row.last_seq)]));
  }

  /** The name of this log's life: another one means that old numbers mean nothing. */
  epoch(manager?: EntityManager): Promise<string> {
    this.epochRead ??= (manager ?? this.dataSource)
      .query<{ epoch: string }[]>('SELECT epoch FROM event_log_epoch')
      .then((rows) => rows[0]!.epoch)
      .catch((error: unknown) => {
        this.epochRead = undefined;
        throw error;
      });
    return this.epochRead;
  }

  /** What is older is no longer told, whether it is still stored or not. */
  keptSince(): Date {
    return new Date(this.clock.now().getTime() - this.settings.eventRetentionHours * 3_600_000);
  }
}

function toDomainEvent(row: EventRow): DomainEvent {
  const seq = Number(row.seq);
  const createdAt = row.created_at.toISOString();
  return {
    stream: row.stream,
    seq,
    action: row.action,
    type: row.type,
    path: row.path,
    room: row.room,
    resource: numberedView(row.resource, row.numbered, seq, createdAt),
    concerns: row.concerns,
    version: row.version,
    author: row.author,
    createdAt,
    requestId: row.request_id,
    fence: Number(row.fence),
  };
}
