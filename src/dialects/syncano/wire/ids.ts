import { notFound } from './errors.js';

/** The id in a path; whatever else stands there is the address of nothing. */
export function idIn(text: string): number {
  if (!/^[1-9]\d{0,14}$/.test(text)) throw notFound();
  return Number(text);
}
