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
    return (await this.append(manager, drafts, drafts.length === 1 ? 'one' : 'many', {})) as DomainEvent[];
  }

  /** Writes those drafts whose streams still have the rules that were decided by, if the condition holds. */
  writeGuarded(manager: EntityManager, drafts: EventDraft[], options: AppendOptions): Promise<Appended[]> {
    return this.append(manager, drafts, guardedForm(drafts, options), options);
  }

  private append(
    manager: EntityManager,
    drafts: EventDraft[],
    form: AppendForm,
    options: Partial<AppendOptions>,
  ): Promise<Appended[]> {
    const now = this.clock.now();
    if (this.retention.covers(now)) return this.insert(manager, drafts, form, options, now.toISOString());
    const covered = this.retention.cover(manager);
    return covered.then(() => this.insert(manager, drafts, form, options, now.toISOString()));
  }

  private insert(
    manager: EntityManager,
    drafts: EventDraft[],
    form: AppendForm,
    { rules, condition, rows }: Partial<AppendOptions>,
    createdAt: string,
  ): Promise<Appended[]> {
    const causes = causesOf(drafts);
    const write = rows ? withoutBrace : JSON.stringify;
    const single = form === 'one' || form === 'oneGuarded';
    const given: Given = { drafts, causes, createdAt, rules, write };
    const parameters = single ? oneDraft(given) : manyDrafts(given);
    if (condition) parameters.push(...condition.parameters);
    if (rows) parameters.push(...rows.parameters);
    const inserted = queryPrepared<AppendedRow>(manager, appendStatement(form, condition, rows), parameters);
    return inserted.then((appended) => toEvents(given, appended));
  }
}

function guardedForm(drafts: EventDraft[], { withoutWaiting = false }: AppendOptions): AppendForm {
  if (withoutWaiting) return 'several';
  return drafts.length === 1 ? 'oneGuarded' : 'manyGuarded';
}

type Cause = NonNullable<EventDraft['cause']>;

/** What one statement writes. */
interface Given {
  drafts: EventDraft[];
  /** For each draft, who and what caused it. */
  causes: Cause[];
  createdAt: string;
  /** By stream, the rules that it must still have; absent where nobody asks. */
  rules: ReadonlyMap<string, number> | undefined;
  /** How a resource is written. */
  write: (resource: object) => string;
}

function causesOf(drafts: EventDraft[]): Cause[] {
  const request = currentRequest();
  const running = { author: request?.author ?? null, requestId: request?.requestId ?? null };
  return drafts.map(({ cause }) => cause ?? running);
}

function json(value: object | null | undefined): string | null {
  return value ? JSON.stringify(value) : null;
}

/** One draft as the statement takes it, in the order in which `appendStatement` numbers the parameters. */
function oneDraft({ drafts, causes, createdAt, rules, write }: Given): unknown[] {
  const draft = drafts[0]!;
  const { author, requestId } = causes[0]!;
  return [
    draft.stream,
    draft.action,
    createdAt,
    draft.type,
    draft.path,
    draft.room ?? null,
    draft.resource && write(draft.resource),
    json(author),
    requestId,
    draft.numbered ?? false,
    json(draft.concerns),
    draft.version ?? 1,
    rules ? rules.get(draft.stream) : draft.keepsRules ? 0 : 1,
  ];
}

/** Any number of drafts: an array for each column, and three for the streams in the order of their names. */
function manyDrafts({ drafts, causes, createdAt, rules, write }: Given): unknown[] {
  const added = new Map<string, number>();
  /** By stream: which of its drafts, from 1 on, is the last that changes its rules; 0: none. */
  const renewed = new Map<string, number>();
  for (const { stream, keepsRules = false } of drafts) {
    const place = (added.get(stream) ?? 0) + 1;
    added.set(stream, place);
    renewed.set(stream, keepsRules ? (renewed.get(stream) ?? 0) : place);
  }
  const names = [...added.keys()].sort();
  return [
    names,
    names.map((name) => added.get(name)),
    createdAt,
    drafts.map(({ stream }) => stream),
    behind(drafts),
    drafts.map(({ action }) => action),
    drafts.map(({ type }) => type),
    drafts.map(({ path }) => path),
    drafts.map(({ room = null }) => room),
    jsonArray(
      drafts.map(({ resource }) => resource),
      write,
    ),
    jsonArray(causes.map(({ author }) => author)),
    causes.map(({ requestId }) => requestId),
    drafts.map(({ numbered = false }) => numbered),
    jsonArray(drafts.map(({ concerns }) => concerns)),
    drafts.map(({ version = 1 }) => version),
    names.map((name) => (rules ?? renewed).get(name)),
  ];
}

/** For each draft, how many drafts of the same stream come after it. */
function behind(drafts: EventDraft[]): number[] {
  if (drafts.length === 1) return [0];
  const after = new Map<string, number>();
  const counts = new Array<number>(drafts.length);
  for (let index = drafts.length - 1; index >= 0; index--) {
    const { stream } = drafts[index]!;
    const count = after.get(stream) ?? 0;
    counts[index] = count;
    after.set(stream, count + 1);
  }
  return counts;
}

function toEvents(given: Given, rows: AppendedRow[]): Appended[] {
  const { drafts } = given;
  if (rows.length === 0) return drafts.map(() => null);
  const heads = new Map(rows.map((row) => [row.stream, row]));
  const ids = rows[0]!.id === undefined ? null : new Map(rows.map(({ place, id }) => [Number(place), Number(id)]));
  const left = behind(drafts);
  return drafts.map((draft, index) => {
    const head = heads.get(draft.stream);
    if (head === undefined) return null;
    const place = { seq: Number(head.seq) - left[index]!, fence: Number(head.fence), id: ids?.get(index + 1) };
    return toEvent(draft, given.causes[index]!, given.createdAt, place);
  });
}

function toEvent(
  draft: EventDraft,
  { author, requestId }: Cause,
  createdAt: string,
  { seq, fence, id }: { seq: number; fence: number; id: number | undefined },
): DomainEvent {
  const { stream, action, type, path, resource, room = null, numbered = false, concerns = null, version = 1 } = draft;
  return {
    stream,
    seq,
    action,
    type,
    path: id === undefined ? path : `${path}/${id}`,
    room,
    resource: id === undefined ? numberedView(resource, numbered, seq, createdAt) : { id, ...resource },
    concerns,
    version,
    author,
    createdAt,
    requestId,
    fence,
  };
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
