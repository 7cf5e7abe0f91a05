import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { Clock } from '../common/clock.js';
import { currentRequest } from '../common/request-context.js';
import { jsonArray } from '../database/json-array.js';
import { queryPrepared } from '../database/query-prepared.js';
import type { DomainEvent, EventDraft } from './domain-event.js';
import { ALWAYS, type AppendOptions, appendStatement } from './append-statement.js';
import { Retention } from './retention.js';

interface AppendedRow {
  stream: string;
  seq: string;
  fence: string;
  /** Of the row beside the event; then the rows come in the order of the drafts. */
  id?: string;
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
    await this.retention.cover(now, manager);
    const request = currentRequest();
    const running = { author: request?.author ?? null, requestId: request?.requestId ?? null };
    const causes = drafts.map((draft) => draft.cause ?? running);

    const added = new Map<string, number>();
    for (const draft of drafts) added.set(draft.stream, (added.get(draft.stream) ?? 0) + 1);
    const names = [...added.keys()].sort();
    const behind = ranksFromTheEnd(drafts, added);
    const rows = await queryPrepared<AppendedRow>(manager, appendStatement(condition, beside), [
      names,
      names.map((name) => added.get(name)),
      now.toISOString(),
      drafts.map((draft) => draft.stream),
      behind,
      drafts.map((draft) => draft.action),
      drafts.map((draft) => draft.type),
      drafts.map((draft) => draft.path),
      drafts.map((draft) => draft.room ?? null),
      jsonArray(drafts.map((draft) => draft.resource)),
      jsonArray(causes.map(({ author }) => author)),
      causes.map(({ requestId }) => requestId),
      drafts.map((draft) => draft.numbered ?? false),
      jsonArray(drafts.map((draft) => draft.concerns)),
      drafts.map((draft) => draft.version ?? 1),
      ...condition.parameters,
      ...(beside?.parameters ?? []),
    ]);
    if (rows.length === 0) return [];

    const heads = new Map<string, { seq: number; fence: number }>();
    for (const row of rows) {
      const seq = Number(row.seq);
      const head = heads.get(row.stream);
      if (!head || head.seq < seq) heads.set(row.stream, { seq, fence: Number(row.fence) });
    }
    const createdAt = now.toISOString();
    return drafts.map((draft, index) => {
      const head = heads.get(draft.stream)!;
      const seq = head.seq - behind[index]!;
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
        author: causes[index]!.author,
        createdAt,
        requestId: causes[index]!.requestId,
        fence: head.fence,
      };
    });
  }
}

/** For each draft, how many drafts of the same stream come after it. */
function ranksFromTheEnd(drafts: EventDraft[], added: Map<string, number>): number[] {
  const left = new Map(added);
  return drafts.map((draft) => {
    const rest = left.get(draft.stream)! - 1;
    left.set(draft.stream, rest);
    return rest;
  });
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
