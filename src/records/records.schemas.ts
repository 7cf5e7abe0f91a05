import { z } from 'zod';
import { idPageQuery, pageSchema } from '../common/paging.js';
import { roomTicketsSchema, websocketsFlag } from '../realtime/room-tokens.schemas.js';

export const recordQuery = z.strictObject({ websockets: websocketsFlag });
export const recordListQuery = z.strictObject({ ...idPageQuery, websockets: websocketsFlag });

/** For a body that there is none of. */
export const nothing = z.strictObject({});

export type RecordQuery = z.infer<typeof recordQuery>;
export type RecordListQuery = z.infer<typeof recordListQuery>;

/** Where the room's stream stood when this was read, and with `?websockets=1` the ticket for the room. */
const joining = { position: z.int(), epoch: z.string(), websockets: roomTicketsSchema.optional() };

/** What reading one record, and a page of them, is answered with. */
export function replySchemas(name: string, view: z.ZodObject) {
  return {
    record: view.extend(joining).meta({ id: `${name}Reply` }),
    page: pageSchema(view)
      .extend(joining)
      .meta({ id: `${name}Page` }),
  };
}
