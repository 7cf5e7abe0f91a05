import type { JsonObject } from '../../common/json.js';
import type { DomainEvent } from '../../events/domain-event.js';

/** What an event did to one row of a table. */
export interface RowChange {
  action: 'created' | 'updated' | 'deleted';
  /** What tells the row from the others of its table. */
  key: string;
  /** Its public view; of a deleted one as it was before, as far as the event says. */
  row: JsonObject;
}

/** How the events of some rooms read for those who know nothing but rows. */
export interface TopicRows {
  table: string;
  /** Null for what an event tells of other things. */
  changeIn(event: DomainEvent): RowChange | null;
}

const ACTIONS: Partial<Record<string, RowChange['action']>> = {
  created: 'created',
  updated: 'updated',
  saved: 'updated',
  deleted: 'deleted',
};

/** Rows whose events are of one type; the key is the id in their view, unless it says otherwise. */
export function rowsOf(
  table: string,
  type: string,
  keyOf: (row: JsonObject, event: DomainEvent) => string | null = idOf,
): TopicRows {
  return {
    table,
    changeIn: (event) => {
      const action = event.type === type ? ACTIONS[event.action] : undefined;
      const { resource: row } = event;
      const key = action && row && keyOf(row, event);
      return action && row && key ? { action, key, row } : null;
    },
  };
}

function idOf({ id }: JsonObject): string | null {
  return typeof id === 'number' || typeof id === 'string' ? String(id) : null;
}
