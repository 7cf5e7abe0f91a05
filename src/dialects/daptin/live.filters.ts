import { isObject, type JsonValue } from '../../common/json.js';
import { isSecret } from './live.secrets.js';
import type { Said } from './live.words.js';

const MAX_KEYS = 32;

/** What all of a topic's frames that a client wants have in common: the type of the event, and values of columns. */
export class LiveFilters {
  private constructor(
    private readonly eventType: JsonValue | undefined,
    private readonly columns: [string, JsonValue][],
  ) {}

  /** Null for what is no filter, or would ask about a column that nobody is shown. */
  static read(filters: JsonValue | undefined): LiveFilters | null {
    if (filters === undefined) return new LiveFilters(undefined, []);
    if (!isObject(filters)) return null;
    const { EventType: eventType, ...columns } = filters;
    const entries = Object.entries(columns);
    const sound = entries.every(
      ([column, value]) => !isSecret(column) && (value === null || typeof value !== 'object'),
    );
    const tooMany = Object.keys(filters).length > MAX_KEYS;
    if (!sound || tooMany || ('EventType' in filters && typeof eventType !== 'string')) return null;
    return new LiveFilters(eventType, entries);
  }

  get empty(): boolean {
    return this.eventType === undefined && this.columns.length === 0;
  }

  /** Equality is exact and typed; what is absent is null. */
  match({ eventType, columns }: Said): boolean {
    if (this.eventType !== undefined && this.eventType !== eventType) return false;
    for (const [column, value] of this.columns) {
      if ((Object.hasOwn(columns, column) ? columns[column] : null) !== value) return false;
    }
    return true;
  }
}
