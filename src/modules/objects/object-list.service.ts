import { Injectable } from '@nestjs/common';
import { type EntityManager, In } from 'typeorm';
import type { Identity } from '../../auth/identity.js';
import type { IdStretch } from '../../common/paging.js';
import { Transactions } from '../../database/transactions.js';
import type { ObjectCaller } from './class-level.js';
import { ClassAccess, classThing } from './classes.access.js';
import type { ObjectClass } from './object-class.entity.js';
import { visibleObjects } from './object-level.js';
import { filterOf, type Order, orderOf, relatedIn, type SeenClass } from './object-query.js';
import type { Bind } from './object-search.js';
import { queryInvalid } from './objects.errors.js';
import { StoredObject } from './stored-object.entity.js';

/** Which objects of a class somebody asks for; `after` and `before` name an object of the page before. */
export interface ObjectSelection extends IdStretch {
  query?: unknown;
  orderBy?: string;
  count?: boolean;
}

/** Up to one object more than the limit. */
export interface SelectedObjects {
  of: ObjectClass;
  objects: StoredObject[];
  count: number | null;
}

/** Lists the objects of a class that the caller may read: filtered and sorted by what is indexed. */
@Injectable()
export class ObjectListService {
  constructor(
    private readonly transactions: Transactions,
    private readonly classes: ClassAccess,
  ) {}

  async select(identity: Identity, className: string, selection: ObjectSelection): Promise<SelectedObjects> {
    const { of, caller } = await this.classes.require(identity, 'read', className);
    const wanted = { ...selection, related: await this.related(identity, of, selection) };
    return this.transactions.snapshot(async (manager) => ({
      of,
      objects: await objectsOf(manager, await page(manager, of, caller, wanted)),
      count: selection.count ? await countAll(manager, of, caller, wanted) : null,
    }));
  }

  /** The other classes that the query looks into, each as far as the caller sees it. */
  private async related(identity: Identity, of: ObjectClass, { query }: ObjectSelection) {
    const related = new Map<string, SeenClass>();
    if (query === undefined) return related;
    for (const name of relatedIn(query, of)) {
      const decision = await this.classes.decide(identity, classThing(identity, name));
      if (!decision) throw queryInvalid(`Class "${name}" does not exist, or you may not see it.`);
      related.set(name, decision);
    }
    return related;
  }
}

/** A selection whose query has been read as far as the other classes that it needs. */
type ReadSelection = ObjectSelection & { related: ReadonlyMap<string, SeenClass> };

/** The ids of one page, in its order. */
async function page(manager: EntityManager, of: ObjectClass, caller: ObjectCaller, selection: ReadSelection) {
  const { limit, newestFirst = false, orderBy = 'id' } = selection;
  const [bind, parameters] = binder();
  const order = orderOf(orderBy, of);
  const join = order.join(bind);
  const where = conditions(of, caller, selection, bind);
  const cursor = selection.after ?? selection.before;
  if (cursor !== undefined) where.push(await beyond(manager, order, orderBy, cursor, newestFirst, bind));
  const direction = newestFirst ? 'DESC' : 'ASC';
  const rows = await manager.query<{ id: string }[]>(
    `SELECT object.id FROM objects object ${join} WHERE ${where.join(' AND ')}
     ORDER BY ${order.expression} ${direction}, object.id ${direction} LIMIT ${bind(limit + 1)}`,
    parameters,
  );
  return rows.map(({ id }) => Number(id));
}

async function countAll(manager: EntityManager, of: ObjectClass, caller: ObjectCaller, selection: ReadSelection) {
  const [bind, parameters] = binder();
  const where = conditions(of, caller, selection, bind);
  const [row] = await manager.query<{ size: string }[]>(
    `SELECT count(*) AS size FROM objects object WHERE ${where.join(' AND ')}`,
    parameters,
  );
  return Number(row!.size);
}

function conditions(of: ObjectClass, caller: ObjectCaller, { query, related }: ReadSelection, bind: Bind): string[] {
  const own = [`object.class_id = ${bind(of.id)}`, visibleObjects(caller, bind)];
  return query === undefined ? own : [...own, ...filterOf(query, of, bind, related)];
}

/** What comes after an object in the order of the list. Nulls come last upwards and first downwards. */
async function beyond(
  manager: EntityManager,
  { expression, join }: Order,
  orderBy: string,
  cursor: number,
  downwards: boolean,
  bind: Bind,
): Promise<string> {
  const sign = downwards ? '<' : '>';
  const id = bind(cursor);
  if (orderBy === 'id') return `object.id ${sign} ${id}`;
  const [bindHere, parameters] = binder();
  const [row] = await manager.query<{ value: unknown }[]>(
    `SELECT ${expression} AS value FROM objects object ${join(bindHere)} WHERE object.id = ${bindHere(cursor)}`,
    parameters,
  );
  const value = row?.value ?? null;
  if (value === null) {
    const sameValue = `(${expression} IS NULL AND object.id ${sign} ${id})`;
    return downwards ? `(${sameValue} OR ${expression} IS NOT NULL)` : sameValue;
  }
  const place = bind(value);
  const further = `${expression} ${sign} ${place} OR (${expression} = ${place} AND object.id ${sign} ${id})`;
  return downwards ? `(${further})` : `(${further} OR ${expression} IS NULL)`;
}

function binder(): [Bind, unknown[]] {
  const parameters: unknown[] = [];
  return [(value) => `$${parameters.push(value)}`, parameters];
}

async function objectsOf(manager: EntityManager, ids: number[]): Promise<StoredObject[]> {
  const found = await manager.findBy(StoredObject, { id: In(ids) });
  const byId = new Map(found.map((object) => [object.id, object]));
  return ids.flatMap((id) => byId.get(id) ?? []);
}
