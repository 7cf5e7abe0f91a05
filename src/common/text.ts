import { z } from 'zod';

/** PostgreSQL cannot store NUL, and half a surrogate pair would not come back as it was sent. */
const UNSTORABLE = /[\0\p{Surrogate}]/u;

/** Whether a column of text can keep it. */
export const isStorable = (value: string): boolean => !UNSTORABLE.test(value);
const NOT_STORABLE = 'must be Unicode text without NUL characters';

/** Text as it came, of `minimum` to `maximum` characters: the only kind of free text that schemas accept. */
export const text = (minimum: number, maximum: number) =>
  z.string().min(minimum).max(maximum).refine(isStorable, NOT_STORABLE);

/** Text whose outer blanks mean nothing (names, labels); they are removed before its length is counted. */
export const trimmedText = (minimum: number, maximum: number) =>
  z.string().trim().min(minimum).max(maximum).refine(isStorable, NOT_STORABLE);

/** The web address of something a browser may load; never `javascript:` or `data:`. */
export const webAddress = z
  .url({ protocol: /^https?$/ })
  .max(2048)
  .refine(isStorable, NOT_STORABLE);

/** An e-mail address in the one form in which it is stored and compared. */
export const emailAddress = z.string().trim().toLowerCase().pipe(z.email().max(254));
