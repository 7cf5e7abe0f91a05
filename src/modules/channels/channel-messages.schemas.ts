import { z } from 'zod';
import { idText } from '../../common/ids.js';
import type { JsonObject } from '../../common/json.js';
import { pageLimit } from '../../common/paging.js';
import { roomName } from './channel-name.js';
import { payloadObject } from './channel-payload.js';

export const publishSchema = z
  .strictObject({ payload: payloadObject, room: roomName.nullish() })
  .meta({ id: 'PublishMessage' });

/** `last_id`: only messages after it. `before`: only messages before it, for the next page. */
export const historySchema = z.strictObject({
  room: roomName.optional(),
  last_id: z
    .string()
    .regex(/^\d{1,15}$/, 'must be the number of a message, or 0')
    .transform(Number)
    .optional(),
  before: idText.optional(),
  limit: pageLimit,
});

export const channelMessageSchema = z
  .strictObject({
    id: z.int(),
    room: z.string().nullable(),
    created_at: z.iso.datetime(),
    action: z.string(),
    author: z.record(z.string(), z.int()).nullable(),
    metadata: z.record(z.string(), z.unknown()),
    payload: z.record(z.string(), z.unknown()),
  })
  .meta({ id: 'ChannelMessage' });

/** Messages, newest first, and where the channel's stream stood when they were read. */
export const channelHistorySchema = z
  .strictObject({ records: z.array(channelMessageSchema), position: z.int(), epoch: z.string() })
  .meta({ id: 'ChannelHistory' });

export type PublishMessage = z.infer<typeof publishSchema>;
export type ReadHistory = z.infer<typeof historySchema>;

export interface ChannelHistoryPage {
  records: JsonObject[];
  position: number;
  epoch: string;
}
