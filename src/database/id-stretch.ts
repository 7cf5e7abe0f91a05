import { And, type FindManyOptions, type FindOperator, LessThan, MoreThan } from 'typeorm';
import type { IdStretch } from '../common/paging.js';

/** The ids between two others, exclusively. */
export function idsIn({ after = 0, before }: Pick<IdStretch, 'after' | 'before'>): FindOperator<number> {
  return before === undefined ? MoreThan(after) : And(MoreThan(after), LessThan(before));
}

/** Their order, and one row too many, which tells that there are more. */
export function stretched({ limit, newestFirst = false }: Pick<IdStretch, 'limit' | 'newestFirst'>) {
  return { order: { id: newestFirst ? 'DESC' : 'ASC' }, take: limit + 1 } satisfies FindManyOptions<{ id: number }>;
}
