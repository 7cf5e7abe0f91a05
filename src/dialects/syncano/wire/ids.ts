import { DomainError } from '../../../common/domain-error.js';
import { notFound } from './errors.js';

/** The id in a path; whatever else stands there is the address of nothing. */
export function idIn(text: string): number {
  if (!/^[1-9]\d{0,14}$/.test(text)) throw notFound();
  return Number(text);
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
