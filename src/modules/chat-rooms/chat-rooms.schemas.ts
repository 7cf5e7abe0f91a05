import { z } from 'zod';
import { id, idText } from '../../common/ids.js';
import { idPageQuery, pageLimit, pageSchema } from '../../common/paging.js';
import { text, trimmedText } from '../../common/text.js';
import { roomTicketsSchema, websocketsFlag } from '../../realtime/room-tokens.schemas.js';
import { CHAT_ROOM_KINDS, PARENT_TYPES } from './chat-room.entity.js';
import { chatRoomSchema } from './chat-room.view.js';
import { currentParticipantSchema, participantSchema } from './participant.view.js';
import { roomListCursor } from './room-list.cursor.js';

/** Members that one call may bring into a room. */
const MAXIMUM_NEWCOMERS = 500;

const memberIds = z.array(id).max(MAXIMUM_NEWCOMERS);
const name = trimmedText(1, 100);
const description = trimmedText(0, 1000);

/** What is said; the limits are rules of the messages feature, with errors of their own. */
export const messageWords = {
  body: text(0, Number.MAX_SAFE_INTEGER).nullish(),
  rich_text_body: z.record(z.string(), z.unknown()).nullish(),
};

export const createChatRoomSchema = z
  .strictObject({
    kind: z.enum(CHAT_ROOM_KINDS),
    member_ids: memberIds,
    name: name.nullish(),
    description: description.nullish(),
    show_history: z.boolean().default(true),
    parent_type: z.enum(PARENT_TYPES).nullish().describe('What the room is embedded in. For administrators.'),
    parent_id: id.nullish(),
    ...messageWords,
  })
  .refine(({ parent_type, parent_id }) => (parent_type == null) === (parent_id == null), {
    path: ['parent_id'],
    message: 'goes together with parent_type',
  })
  .meta({ id: 'CreateChatRoom' });

export const updateChatRoomSchema = z
  .strictObject({
    name: name.nullable().optional(),
    description: description.nullable().optional(),
    show_history: z.boolean().optional(),
    pinned_message_id: id.nullable().optional(),
  })
  .meta({ id: 'UpdateChatRoom' });

export const addParticipantsSchema = z
  .strictObject({ member_ids: memberIds.min(1) })
  .meta({ id: 'AddChatRoomParticipants' });

export const updateParticipantSchema = z
  .strictObject({
    muted: z.boolean().optional().describe('No notifications from this room. For oneself only.'),
    archived: z
      .boolean()
      .optional()
      .describe('Out of the list of rooms, until the next root message. For oneself only.'),
    admin: z.boolean().optional().describe('May change the room and who is in it. For those who may already.'),
  })
  .meta({ id: 'UpdateChatRoomParticipant' });

/** Texts that cannot name a room are answered like unknown rooms. */
export const chatRoomParams = z.strictObject({ uuid: z.string() });
export const participantParams = chatRoomParams.extend({ member_id: idText });

export const chatRoomQuery = z.strictObject({ websockets: websocketsFlag });
/** Whether a list shows things of one kind: not, only those, or both. */
const shown = z.enum(['false', 'true', 'all']).default('false');

export const chatRoomsQuery = z.strictObject({
  limit: pageLimit,
  cursor: roomListCursor.optional(),
  embedded: shown.describe('Rooms of spaces, live rooms and lessons.'),
  archived: shown.describe('Rooms that the caller has put out of the way.'),
  websockets: websocketsFlag,
});
export const participantsQuery = z.strictObject(idPageQuery);

const tickets = { websockets: roomTicketsSchema.optional() };

export const chatRoomReplySchema = chatRoomSchema.extend(tickets).meta({ id: 'ChatRoomReply' });
export const chatRoomPageSchema = pageSchema(chatRoomSchema)
  .extend({ next_cursor: z.string().nullable(), position: z.int(), epoch: z.string(), ...tickets })
  .meta({ id: 'ChatRoomPage' });
export const participantPageSchema = pageSchema(participantSchema).meta({ id: 'ChatRoomParticipantPage' });
export const participantReplySchema = z.union([currentParticipantSchema, participantSchema]);
export const participantsSchema = z
  .strictObject({ records: z.array(participantSchema) })
  .meta({ id: 'ChatRoomParticipants' });

export type CreateChatRoom = z.infer<typeof createChatRoomSchema>;
export type UpdateChatRoom = z.infer<typeof updateChatRoomSchema>;
export type AddParticipants = z.infer<typeof addParticipantsSchema>;
export type UpdateParticipant = z.infer<typeof updateParticipantSchema>;
export type ChatRoomParams = z.infer<typeof chatRoomParams>;
export type ParticipantParams = z.infer<typeof participantParams>;
export type ChatRoomQuery = z.infer<typeof chatRoomQuery>;
export type ChatRoomsQuery = z.infer<typeof chatRoomsQuery>;
