import { DomainError } from '../../../common/domain-error.js';
import { idText } from '../../../common/ids.js';
import { notFound } from './errors.js';

/** The id in a path; null for whatever else stands there: it is the address of nothing. */
export function idOrNone(text: string): number | null {
  return idText.safeParse(text).data ?? null;
}

export function idIn(text: string): number {
  const id = idOrNone(text);
  if (id === null) throw notFound();
  return id;
}

/** What was looked for, or null when it is not there. */
export async function ifThere<T>(search: Promise<T>): Promise<T | null> {
  try {
    return await search;
  } catch (error) {
    if (error instanceof DomainError && error.kind === 'not_found') return null;
    throw error;
  }
}
