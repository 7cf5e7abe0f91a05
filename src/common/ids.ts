import { z } from 'zod';

/** The id of something, in a JSON body. */
export const id = z.int().positive();

/** The id of something, in a path or a query string. Fifteen digits keep it an exact number. */
export const idText = z
  .string()
  .regex(/^[1-9]\d{0,14}$/, 'must be the number of something')
  .transform(Number);

/** The `:id` of a path. */
export const idParams = z.strictObject({ id: idText });

export type IdParams = z.infer<typeof idParams>;
