import { And, type FindManyOptions, type FindOperator, LessThan, MoreThan, Raw } from 'typeorm';
import type { IdStretch, NamedStretch } from '../common/paging.js';

/** The ids between two others, exclusively. */
export function idsIn({ after = 0, before }: Pick<IdStretch, 'after' | 'before'>): FindOperator<number> {
  return before === undefined ? MoreThan(after) : And(MoreThan(after), LessThan(before));
}

/** Of those only what has a name that begins like this. */
export function namedLike({ nameStart }: Pick<NamedStretch, 'nameStart'>): { name?: FindOperator<string> } {
  if (nameStart === undefined) return {};
  return { name: Raw((name) => `starts_with(${name}, :nameStart)`, { nameStart }) };
}

/** Their order, and one row too many, which tells that there are more. */
export function stretched({ limit, newestFirst = false }: Pick<IdStretch, 'limit' | 'newestFirst'>) {
  return { order: { id: newestFirst ? 'DESC' : 'ASC' }, take: limit + 1 } satisfies FindManyOptions<{ id: number }>;
}
