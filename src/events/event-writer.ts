import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { Clock } from '../common/clock.js';
import { currentRequest } from '../common/request-context.js';
import { jsonArray } from '../database/json-array.js';
import { queryPrepared } from '../database/query-prepared.js';
import type { DomainEvent, EventDraft } from './domain-event.js';
import { type AppendForm, type AppendOptions, appendStatement } from './append-statement.js';
import { Retention } from './retention.js';

/** Where a stream stands once the events are in it; or, with rows beside the events, that and one such row for each draft. */
interface AppendedRow {
  stream: string;
  seq: string;
  fence: string;
  /** Of the row beside the event. */
  id?: string;
  /** Which draft the row stands beside, from 1 on. */
  place?: string;
}

/** What became of a draft: null where its stream was not to be written to. */
export type Appended = DomainEvent | null;

/** Numbers drafts and writes them to the log, inside the writer's transaction and as its last step. */
@Injectable()
export class EventWriter {
  constructor(
    private readonly clock: Clock,
    private readonly retention: Retention,
  ) {}

  /** Writes the drafts in order; returns them as events, in the same order. */
  async write(manager: EntityManager, drafts: EventDraft[]): Promise<DomainEvent[]> {
    const columns = new DraftColumns(drafts, JSON.stringify);
    return (await this.append(manager, drafts, columns, drafts.length === 1 ? 'one' : 'many', {})) as DomainEvent[];
  }

  /** Writes those drafts whose streams still have the rules that were decided by, if the condition holds. */
  writeGuarded(manager: EntityManager, drafts: EventDraft[], options: AppendOptions): Promise<Appended[]> {
    const columns = new DraftColumns(drafts, options.rows ? withoutBrace : JSON.stringify);
    return this.append(manager, drafts, columns, guardedForm(drafts, options), options);
  }

  private async append(
    manager: EntityManager,
    drafts: EventDraft[],
    columns: DraftColumns,
    form: AppendForm,
    { rules, condition, rows: beside }: AppendOptions,
  ): Promise<Appended[]> {
    const now = this.clock.now();
    if (!this.retention.covers(now)) await this.retention.cover(manager);
    const createdAt = now.toISOString();
    const rows = await queryPrepared<AppendedRow>(manager, appendStatement(form, condition, beside), [
      ...columns.parameters(form, createdAt, rules),
      ...(condition?.parameters ?? []),
      ...(beside?.parameters ?? []),
    ]);
    if (rows.length === 0) return drafts.map(() => null);
    const heads = new Map(rows.map(({ stream, seq, fence }) => [stream, { seq: Number(seq), fence: Number(fence) }]));
    const ids = beside && new Map(rows.map(({ place, id }) => [Number(place), Number(id)]));
    return drafts.map((draft, index) => {
      const head = heads.get(draft.stream);
      if (head === undefined) return null;
      const { author, requestId } = columns.causes[index]!;
      const seq = head.seq - columns.behind[index]!;
      const id = ids?.get(index + 1);
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

function guardedForm(drafts: EventDraft[], { withoutWaiting = false }: AppendOptions): AppendForm {
  if (withoutWaiting) return 'several';
  return drafts.length === 1 ? 'oneGuarded' : 'manyGuarded';
}

/** The drafts as the statement takes them: one array for each column, or for a single draft one value. */
class DraftColumns {
  /** For each draft, who and what caused it. */
  readonly causes: NonNullable<EventDraft['cause']>[] = [];
  /** For each draft, how many drafts of the same stream come after it. */
  readonly behind: number[];
  private readonly added = new Map<string, number>();
  /** By stream: which of its drafts, from 1 on, is the last that changes its rules; 0: none. */
  private readonly renewed = new Map<string, number>();
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

  /** In the order in which `appendStatement` numbers them. `rules` are those that the streams must still have. */
  parameters(form: AppendForm, createdAt: string, rules?: ReadonlyMap<string, number>): unknown[] {
    const single = form === 'one' || form === 'oneGuarded';
    return single ? this.single(createdAt, rules) : this.many(createdAt, rules);
  }

  private single(createdAt: string, rules: ReadonlyMap<string, number> = this.renewed): unknown[] {
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
      rules.get(this.streams[0]!),
    ];
  }

  private many(createdAt: string, rules: ReadonlyMap<string, number> = this.renewed): unknown[] {
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
      names.map((name) => rules.get(name)),
    ];
  }

  private add(draft: EventDraft, cause: NonNullable<EventDraft['cause']>): void {
    const place = (this.added.get(draft.stream) ?? 0) + 1;
    this.added.set(draft.stream, place);
    if (!draft.keepsRules) this.renewed.set(draft.stream, place);
    else if (place === 1) this.renewed.set(draft.stream, 0);
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

/** The one place where a log row that is itself the thing gets its number and time into its view. */
export function numberedView(
  resource: DomainEvent['resource'],
  numbered: boolean,
  seq: number,
  createdAt: string,
): DomainEvent['resource'] {
  return numbered && resource ? { ...resource, id: seq, created_at: createdAt } : resource;
}
