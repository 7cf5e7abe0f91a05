import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { Clock } from '../common/clock.js';
import { currentRequest } from '../common/request-context.js';
import type { Fields } from '../database/lone-statement.js';
import { queryLean } from '../database/query-prepared.js';
import type { DomainEvent, EventDraft } from './domain-event.js';
import { type AppendForm, type AppendOptions, appendStatement, type RowsBeside } from './append-statement.js';
import { type Cause, countBehind, manyDrafts, oneDraft, type ResourceText, type Writing } from './draft-parameters.js';
import { Retention } from './retention.js';
import { type Place, WrittenEvent } from './written-event.js';

/** How the resource of a draft begins whose id is drawn by the statement. */
const WITHOUT_ID = '{"id":0,';
/** How the resource of a draft ends that has left room for what numbers it. */
const WITHOUT_NUMBER = ',"id":0,"created_at":""}';

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
    const given: Writing = {
      drafts,
      causes: causesOf(drafts),
      texts: drafts.map((draft) => textOf(draft, rows)),
      behind: countBehind(drafts),
      createdAt,
      rules,
    };
    const single = form === 'one' || form === 'oneGuarded';
    const parameters = single ? oneDraft(given) : manyDrafts(given);
    if (condition) parameters.push(...condition.parameters);
    if (rows) parameters.push(...rows.parameters);
    const inserted = queryLean(manager, appendStatement(form, condition, rows), parameters, toAppendedRow);
    return inserted.then((appended) => toEvents(given, appended));
  }
}

function guardedForm(drafts: EventDraft[], { withoutWaiting = false }: AppendOptions): AppendForm {
  if (withoutWaiting) return 'several';
  return drafts.length === 1 ? 'oneGuarded' : 'manyGuarded';
}

function causesOf(drafts: EventDraft[]): Cause[] {
  const request = currentRequest();
  const running = { author: request?.author ?? null, requestId: request?.requestId ?? null };
  return drafts.map(({ cause }) => cause ?? running);
}

/** With rows beside the events, what follows the id, which the statement puts first. */
function textOf({ resource, numbered = false }: EventDraft, rows: RowsBeside | undefined): ResourceText {
  const whole = resource && JSON.stringify(resource);
  if (rows) return { text: whole && afterId(whole), open: false };
  const open = numbered && whole !== null && whole.endsWith(WITHOUT_NUMBER);
  return { text: open ? `${whole.slice(0, -WITHOUT_NUMBER.length)}}` : whole, open };
}

function afterId(text: string): string {
  if (text.startsWith(WITHOUT_ID)) return text.slice(WITHOUT_ID.length);
  throw new Error('With rows beside it, the resource of a draft begins with an id of 0');
}

/** The columns in the order in which `appendStatement` names them. */
function toAppendedRow([stream, seq, fence, id, place]: Fields): AppendedRow {
  return { stream: stream!, seq: seq!, fence: fence!, id: id ?? undefined, place: place ?? undefined };
}

function toEvents(given: Writing, rows: AppendedRow[]): Appended[] {
  const { drafts, createdAt } = given;
  if (rows.length === 0) return drafts.map(() => null);
  const heads = new Map(rows.map((row) => [row.stream, row]));
  const ids = rows[0]!.id === undefined ? null : new Map(rows.map(({ place, id }) => [Number(place), Number(id)]));
  return drafts.map((draft, index) => {
    const head = heads.get(draft.stream);
    if (head === undefined) return null;
    const { author, requestId } = given.causes[index]!;
    const seq = Number(head.seq) - given.behind[index]!;
    const place = { seq, createdAt, fence: Number(head.fence), author, requestId };
    const text = given.texts[index]!;
    return ids === null ? toEvent(draft, place, text) : toEventOfRow(draft, place, text.text, ids.get(index + 1)!);
  });
}

function toEvent(draft: EventDraft, place: Place, { text, open }: ResourceText): DomainEvent {
  const { resource, path, numbered = false } = draft;
  if (!numbered || resource === null) return new WrittenEvent(draft, place, path, resource, text);
  const { seq, createdAt } = place;
  if (!open) return new WrittenEvent(draft, place, path, numberedView(resource, numbered, seq, createdAt), null);
  resource.id = seq;
  resource.created_at = createdAt;
  const view = `${text!.slice(0, -1)},"id":${seq},"created_at":"${createdAt}"}`;
  return new WrittenEvent(draft, place, path, resource, view);
}

/** The draft was made for the row, so its resource gets the id and is the view. */
function toEventOfRow(draft: EventDraft, place: Place, text: string | null, id: number): DomainEvent {
  const view = draft.resource!;
  view.id = id;
  return new WrittenEvent(draft, place, `${draft.path}/${id}`, view, `{"id":${id},${text}`);
}

/** The one place where a log row that is itself the thing gets its number and time into its view. */
export function numberedView(
  resource: DomainEvent['resource'],
  numbered: boolean,
  seq: number,
  createdAt: string,
): DomainEvent['resource'] {
  if (!numbered || !resource) return resource;
  return { ...resource, id: seq, created_at: createdAt };
}
