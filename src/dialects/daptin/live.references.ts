import { v5 } from 'uuid';
import type { Author } from '../../common/author.js';

/** Of everything that has a name on this door. Another one would change all names. */
const NAMESPACE = '8d8ac610-566d-4ef0-9c22-186b2a5ed793';

/** The name of a row outside: the same on every node, without looking anything up. */
export function referenceOf(table: string, key: string | number): string {
  return v5(`${table}/${key}`, NAMESPACE);
}

/** The source of a message: the row of its sender. */
export function sourceOf(author: Author | null): string {
  if (author?.member !== undefined) return referenceOf('members', author.member);
  if (author?.api_key !== undefined) return referenceOf('api_keys', author.api_key);
  return author?.account === undefined ? 'system' : referenceOf('accounts', author.account);
}
