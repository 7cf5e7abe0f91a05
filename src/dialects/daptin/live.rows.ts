import type { JsonObject } from '../../common/json.js';
import type { DomainEvent } from '../../events/domain-event.js';
import type { RowChange, TopicRows } from '../../realtime/topics/topic-rows.js';
import { referenceOf } from './live.references.js';
import { isSecret } from './live.secrets.js';

/** What an event says of a row. */
export interface ToldRow {
  eventType: 'create' | 'update' | 'delete';
  reference: string;
  /** The whole row, flat; also of a deleted one, of which the frame has only the names. */
  columns: JsonObject;
}

const EVENT_TYPES = { created: 'create', updated: 'update', deleted: 'delete' } as const;

const books = new WeakMap<TopicRows, Map<string, RowBook>>();

/** Reads events as changes of rows, each once for all who hear of it under the same name of the topic. */
export class RowBook {
  private readonly told = new WeakMap<DomainEvent, ToldRow | null>();

  private constructor(
    private readonly rows: TopicRows,
    private readonly topic: string,
  ) {}

  static of(rows: TopicRows, topic: string): RowBook {
    // Any mixture of upper and lower case is a name too, but none that is worth being remembered.
    if (topic !== topic.toLowerCase()) return new RowBook(rows, topic);
    const ofTable = books.get(rows) ?? new Map<string, RowBook>();
    const book = ofTable.get(topic) ?? new RowBook(rows, topic);
    books.set(rows, ofTable.set(topic, book));
    return book;
  }

  /** Null for what is no change of a row of this table. */
  row(event: DomainEvent): ToldRow | null {
    let told = this.told.get(event);
    if (told === undefined) {
      const change = this.rows.changeIn(event);
      told = change && toldRow(this.topic, this.rows.table, change, event);
      this.told.set(event, told);
    }
    return told;
  }
}

/** The id is a number of ours, and nobody's business. What the view itself calls by one of our names stays as it is. */
function toldRow(topic: string, table: string, { action, key, row }: RowChange, event: DomainEvent): ToldRow {
  const { id: _ours, ...view } = row;
  const shown = Object.entries(view).filter(([column]) => !isSecret(column));
  const reference = referenceOf(table, key);
  const columns = {
    __type: topic,
    ...Object.fromEntries(shown),
    reference_id: reference,
    version: view.version ?? event.version,
    created_at: view.created_at ?? (action === 'created' ? event.createdAt : null),
    updated_at: action === 'created' ? null : (view.updated_at ?? event.createdAt),
    path: view.path ?? event.path,
  };
  return { eventType: EVENT_TYPES[action], reference, columns };
}
