import { z } from 'zod';
import { chatRoomSchema, currentParticipantSchema } from '../chat-rooms/index.js';
import { messageWithReactionsSchema } from './reaction.view.js';

const threadRoomSchema = chatRoomSchema.pick({
  uuid: true,
  kind: true,
  name: true,
  is_embedded: true,
  parent_type: true,
  parent_id: true,
  lesson_id: true,
});

/** A thread as one participant of its room sees it. */
export const threadSchema = z
  .strictObject({
    id: z.int(),
    parent_message: messageWithReactionsSchema,
    replies: z.array(messageWithReactionsSchema).describe('The last three, oldest first.'),
    chat_room: threadRoomSchema,
    current_participant: currentParticipantSchema,
    unread_replies_count: z.int(),
    last_reply_at: z.iso.datetime().nullable(),
  })
  .meta({ id: 'ChatThread' });
