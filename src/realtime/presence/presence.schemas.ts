import { z } from 'zod';
import { idText } from '../../common/ids.js';

/** Members that one request may ask about. */
export const MAX_ASKED = 1_000;

export const presenceQuerySchema = z.strictObject({
  /** Ids with commas between them. */
  member_ids: z
    .string()
    .transform((text) => text.split(','))
    .pipe(z.array(idText).max(MAX_ASKED))
    .optional(),
  limit: z.coerce.number().int().min(1).max(MAX_ASKED).default(100),
  after: idText.optional(),
});

export type PresenceQuery = z.infer<typeof presenceQuerySchema>;

export const presenceReplySchema = z
  .strictObject({
    online: z.array(z.strictObject({ member_id: z.int(), is_online: z.boolean() })),
    has_next_page: z.boolean(),
  })
  .meta({ id: 'Presence' });

export type PresenceReply = z.infer<typeof presenceReplySchema>;
