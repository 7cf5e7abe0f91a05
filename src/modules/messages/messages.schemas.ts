import { z } from 'zod';
import { id, idText } from '../../common/ids.js';
import { pageLimit } from '../../common/paging.js';
import { roomTicketsSchema, websocketsFlag } from '../../realtime/room-tokens.schemas.js';
import { chatRoomParams, messageWords } from '../chat-rooms/index.js';
import { messageWithReactionsSchema } from './reaction.view.js';

export const sendMessageSchema = z
  .strictObject({
    ...messageWords,
    parent_message_id: id.nullish(),
    creation_uuid: z.guid().optional(),
  })
  .meta({ id: 'SendMessage' });

export const editMessageSchema = z.strictObject(messageWords).meta({ id: 'EditMessage' });

export const messageParams = chatRoomParams.extend({ id: idText });

export const messagesQuery = z
  .strictObject({
    limit: pageLimit,
    before: idText.optional(),
    // 0 is before the first message.
    after: idText.or(z.literal('0').transform(Number)).optional(),
    parent_message_id: idText.optional(),
    websockets: websocketsFlag,
  })
  .refine(({ before, after }) => before === undefined || after === undefined, {
    path: ['after'],
    message: 'does not go together with before',
  });

export const messagePageSchema = z
  .strictObject({
    records: z.array(messageWithReactionsSchema),
    has_previous_page: z.boolean(),
    has_next_page: z.boolean(),
    position: z.int(),
    epoch: z.string(),
    websockets: roomTicketsSchema.optional(),
  })
  .meta({ id: 'ChatRoomMessagePage' });

export type SendMessage = z.infer<typeof sendMessageSchema>;
export type EditMessage = z.infer<typeof editMessageSchema>;
export type MessageParams = z.infer<typeof messageParams>;
export type MessagesQuery = z.infer<typeof messagesQuery>;
