import type { JsonObject } from '../../../common/json.js';
import type { IdStretch } from '../../../common/paging.js';
import { isStorable } from '../../../common/text.js';
import { badPaging, WireError } from './errors.js';

const MAXIMUM_SIZE = 100;

/** A query string as Fastify parses it. The client repeats what stands in a link, so a parameter may occur twice. */
export type Query = Record<string, string | string[] | undefined>;

/** A parameter; one that is there but empty counts as absent. */
export function parameter(query: Query, name: string): string | undefined {
  const value = query[name];
  const given = Array.isArray(value) ? value.find((one) => one !== '') : value;
  return given === '' ? undefined : given;
}

export const NAME_START = 'name__startswith';

/** How the names of a list have to begin; they are written in lower case. */
export function nameStart(query: Query): { nameStart?: string } {
  const start = parameter(query, NAME_START)?.toLowerCase();
  if (start === undefined) return {};
  if (!isStorable(start)) throw new WireError(400, { [NAME_START]: ['Null characters are not allowed.'] });
  return { nameStart: start };
}

/** Which page somebody asks for. */
export interface PageQuery {
  size: number;
  descending: boolean;
  /** Away from the cursor in the order of the list, or back. */
  forward: boolean;
  lastPk: number | null;
}

export function pageQuery(query: Query, byDefault: 'asc' | 'desc' = 'asc'): PageQuery {
  const ordering = parameter(query, 'ordering');
  return {
    size: Math.min(whole(parameter(query, 'page_size')) ?? MAXIMUM_SIZE, MAXIMUM_SIZE),
    descending: (ordering === 'asc' || ordering === 'desc' ? ordering : byDefault) === 'desc',
    forward: direction(parameter(query, 'direction')),
    lastPk: whole(parameter(query, 'last_pk')) ?? null,
  };
}

interface Neighbours {
  next: string | null;
  prev: string | null;
}

/** The list of the dialect: always these three keys, null where there is nothing. */
export type WireList = Neighbours & { objects: JsonObject[] };

export interface ListSource<Row> {
  path: string;
  query: Query;
  page: PageQuery;
  /** Up to one row more than the limit, nearest to the cursor first. */
  fetch: (stretch: IdStretch) => Promise<Row[]>;
  idOf: (row: Row) => number;
  /** The parameters, besides those of every list, that its links repeat. */
  repeats?: string[];
}

/** The rows of one page in the order of the list, with the links to its neighbours. */
export async function pageOf<Row>(source: ListSource<Row>): Promise<Neighbours & { rows: Row[] }> {
  const { size, descending, forward, lastPk } = source.page;
  if (size === 0) return { next: null, prev: null, rows: [] };
  const newestFirst = forward === descending;
  const found = await source.fetch({ limit: size, newestFirst, ...cursor(lastPk, newestFirst) });
  const more = found.length > size;
  const rows = found.slice(0, size);
  if (!forward) rows.reverse();
  const cameFrom = lastPk !== null && lastPk > 0 && rows.length > 0;
  const link = (toward: 0 | 1, row: Row | undefined): string | null =>
    row === undefined ? null : linkTo(source, toward, source.idOf(row));
  return {
    next: (forward ? more : cameFrom) ? link(1, rows.at(-1)) : null,
    prev: (forward ? cameFrom : more) ? link(0, rows[0]) : null,
    rows,
  };
}

/** The stretch of a list that is short enough to be at hand. */
export function inMemory<Row>(rows: Row[], idOf: (row: Row) => number, stretch: IdStretch): Row[] {
  const { after = 0, before = Infinity, limit, newestFirst = false } = stretch;
  const found = rows
    .filter((row) => idOf(row) > after && idOf(row) < before)
    .sort((one, other) => (newestFirst ? idOf(other) - idOf(one) : idOf(one) - idOf(other)));
  return found.slice(0, limit + 1);
}

function cursor(lastPk: number | null, newestFirst: boolean): Pick<IdStretch, 'after' | 'before'> {
  if (lastPk === null) return {};
  return newestFirst ? { before: lastPk } : { after: lastPk };
}

const REPEATED = ['page_size', 'ordering', 'order_by'];

function linkTo<Row>({ path, query, repeats = [] }: ListSource<Row>, toward: 0 | 1, lastPk: number): string {
  const link = new URLSearchParams();
  for (const name of [...REPEATED, ...repeats]) {
    const value = parameter(query, name);
    if (value !== undefined) link.set(name, value);
  }
  link.set('direction', String(toward));
  link.set('last_pk', String(lastPk));
  return `${path}?${link.toString()}`;
}

function whole(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (!/^\d{1,15}$/.test(text)) throw badPaging();
  return Number(text);
}

function direction(text: string | undefined): boolean {
  if (text !== undefined && text !== '0' && text !== '1') throw badPaging();
  return text !== '0';
}
