import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { Clock } from '../common/clock.js';
import { currentRequest } from '../common/request-context.js';
import { jsonArray } from '../database/json-array.js';
import { queryPrepared } from '../database/query-prepared.js';
import type { DomainEvent, EventDraft } from './domain-event.js';
import { ALWAYS, type AppendOptions, appendStatement } from './append-statement.js';
import { Retention } from './retention.js';

/** Where a stream stands once the events are in it; or, with rows beside the events, one such row for each draft. */
interface AppendedRow {
  stream: string;
  seq: string;
  fence: string;
  /** Of the row beside the event; then the rows come in the order of the drafts. */
  id?: string;
}

interface Head {
  seq: number;
  fence: number;
}

/** Numbers drafts and writes them to the log, inside the writer's transaction and as its last step. */
@Injectable()
export class EventWriter {
  constructor(
    private readonly clock: Clock,
    private readonly retention: Retention,
  ) {}

  /** Writes the drafts in order; returns them as events, in the same order. None at all when the condition does not hold. */
  async write(
    manager: EntityManager,
    drafts: EventDraft[],
    { condition = ALWAYS, rows: beside }: AppendOptions = {},
  ): Promise<DomainEvent[]> {
    const now = this.clock.now();
    if (!this.retention.covers(now)) await this.retention.cover(manager);
    const createdAt = now.toISOString();
    const columns = new DraftColumns(drafts, beside ? withoutBrace : JSON.stringify);
    const rows = await queryPrepared<AppendedRow>(manager, appendStatement(drafts.length === 1, condition, beside), [
      ...columns.parameters(createdAt),
      ...condition.parameters,
      ...(beside?.parameters ?? []),
    ]);
    if (rows.length === 0) return [];
    const heads = headsOf(rows);
    return drafts.map((draft, index) => {
      const { author, requestId } = columns.causes[index]!;
      const head = heads.get(draft.stream)!;
      const seq = head.seq - columns.behind[index]!;
      const id = beside && Number(rows[index]!.id);
      return {
        stream: draft.stream,
        seq,
        action: draft.action,
        type: draft.type,
        path: id === undefined ? draft.path : `${draft.path}/${id}`,
        room: draft.room ?? null,
        resource:
          id === undefined
            ? numberedView(draft.resource, draft.numbered ?? false, seq, createdAt)
            : { id, ...draft.resource },
        concerns: draft.concerns ?? null,
        version: draft.version ?? 1,
        author,
        createdAt,
        requestId,
        fence: head.fence,
      };
    });
  }
}

/** The drafts as the statement takes them: one array for each column, or for a single draft one value. */
class DraftColumns {
  /** For each draft, who and what caused it. */
  readonly causes: NonNullable<EventDraft['cause']>[] = [];
  /** For each draft, how many drafts of the same stream come after it. */
  readonly behind: number[];
  private readonly added = new Map<string, number>();
  private readonly streams: string[] = [];
  private readonly actions: string[] = [];
  private readonly types: string[] = [];
  private readonly paths: (string | null)[] = [];
  private readonly rooms: (string | null)[] = [];
  private readonly resources: (object | null)[] = [];
  private readonly authors: (object | null)[] = [];
  private readonly requestIds: (string | null)[] = [];
  private readonly numbered: boolean[] = [];
  private readonly concerns: (object | undefined)[] = [];
  private readonly versions: number[] = [];

  constructor(
    drafts: EventDraft[],
    /** How a resource is written. */
    private readonly write: (resource: object) => string,
  ) {
    const request = currentRequest();
    const running = { author: request?.author ?? null, requestId: request?.requestId ?? null };
    for (const draft of drafts) this.add(draft, draft.cause ?? running);
    const left = new Map(this.added);
    this.behind = this.streams.map((stream) => {
      const rest = left.get(stream)! - 1;
      left.set(stream, rest);
      return rest;
    });
  }

  /** In the order in which `appendStatement` numbers them. */
  parameters(createdAt: string): unknown[] {
    return this.streams.length === 1 ? this.single(createdAt) : this.many(createdAt);
  }

  private single(createdAt: string): unknown[] {
    const resource = this.resources[0];
    const json = (value: object | null | undefined): string | null => (value ? JSON.stringify(value) : null);
    return [
      this.streams[0],
      this.actions[0],
      createdAt,
      this.types[0],
      this.paths[0],
      this.rooms[0],
      resource ? this.write(resource) : null,
      json(this.authors[0]),
      this.requestIds[0],
      this.numbered[0],
      json(this.concerns[0]),
      this.versions[0],
    ];
  }

  private many(createdAt: string): unknown[] {
    const names = [...this.added.keys()].sort();
    return [
      names,
      names.map((name) => this.added.get(name)),
      createdAt,
      this.streams,
      this.behind,
      this.actions,
      this.types,
      this.paths,
      this.rooms,
      jsonArray(this.resources, this.write),
      jsonArray(this.authors),
      this.requestIds,
      this.numbered,
      jsonArray(this.concerns),
      this.versions,
    ];
  }

  private add(draft: EventDraft, cause: NonNullable<EventDraft['cause']>): void {
    this.added.set(draft.stream, (this.added.get(draft.stream) ?? 0) + 1);
    this.causes.push(cause);
    this.streams.push(draft.stream);
    this.actions.push(draft.action);
    this.types.push(draft.type);
    this.paths.push(draft.path);
    this.rooms.push(draft.room ?? null);
    this.resources.push(draft.resource);
    this.authors.push(cause.author);
    this.requestIds.push(cause.requestId);
    this.numbered.push(draft.numbered ?? false);
    this.concerns.push(draft.concerns);
    this.versions.push(draft.version ?? 1);
  }
}

/** What follows the id that the statement puts first. */
function withoutBrace(resource: object): string {
  return JSON.stringify(resource).slice(1);
}

/** The last number that each stream has now. */
function headsOf(rows: AppendedRow[]): Map<string, Head> {
  const heads = new Map<string, Head>();
  for (const row of rows) {
    const seq = Number(row.seq);
    const head = heads.get(row.stream);
    if (!head || head.seq < seq) heads.set(row.stream, { seq, fence: Number(row.fence) });
  }
  return heads;
}

/** The one place where a log row that is itself the thing gets its number and time into its view. */
export function numberedView(
  resource: DomainEvent['resource'],
  numbered: boolean,
  seq: number,
  createdAt: string,
): DomainEvent['resource'] {
  return numbered && resource ? { ...resource, id: seq, created_at: createdAt } : resource;
}
