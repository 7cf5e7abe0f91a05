import { z } from 'zod';
import { idText } from './ids.js';

export const DEFAULT_PAGE_LIMIT = 20;
export const MAXIMUM_PAGE_LIMIT = 100;

/** The `limit` of every list: a query string's text or a number, 1 to 100, 20 when absent. */
export const pageLimit = z.coerce.number().int().min(1).max(MAXIMUM_PAGE_LIMIT).default(DEFAULT_PAGE_LIMIT);

/** The query of a list in the order of ids: `after` is the id of the last record of the page before. */
export const idPageQuery = { limit: pageLimit, after: idText.optional() };

export interface IdPage {
  limit: number;
  after?: number;
}

/** The same from either end, and in either direction. */
export interface IdStretch extends IdPage {
  before?: number;
  newestFirst?: boolean;
}

/** The same of what has a name: only those whose name begins like this. */
export interface NamedStretch extends IdStretch {
  nameStart?: string;
}

/** One page of a list; the next one starts after its last record. */
export interface Page<Item> {
  records: Item[];
  has_next_page: boolean;
}

/** Turns up to `limit + 1` rows into a page: the row too many tells that there is a next one. */
export function toPage<Row, Item>(rows: Row[], limit: number, view: (row: Row) => Item): Page<Item> {
  return { records: rows.slice(0, limit).map(view), has_next_page: rows.length > limit };
}

/** The reply's schema of a page. */
export const pageSchema = <Item extends z.ZodType>(item: Item) =>
  z.strictObject({ records: z.array(item), has_next_page: z.boolean() });
