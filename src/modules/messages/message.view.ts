import { z } from 'zod';
import type { JsonObject } from '../../common/json.js';
import { CHAT_ROOM_KINDS, type ChatRoomParticipant, chatRoomPaths, lessonId } from '../chat-rooms/index.js';
import type { Message } from './message.entity.js';

const threadParticipantSchema = z.strictObject({
  id: z.int(),
  community_member_id: z.int(),
  name: z.string(),
  avatar_url: z.string().nullable(),
});

const senderSchema = threadParticipantSchema.extend({ user_public_uid: z.uuid() });

/** The one public shape of a message, in replies and events alike: the same for everybody who may see it. */
export const messageSchema = z
  .strictObject({
    id: z.int(),
    chat_room_uuid: z.uuid(),
    chat_room_kind: z.enum(CHAT_ROOM_KINDS),
    chat_room_participant_id: z.int(),
    body: z.string(),
    rich_text_body: z.looseObject({}).nullable(),
    sent_at: z.iso.datetime(),
    created_at: z.iso.datetime(),
    sender: senderSchema,
    creation_uuid: z.string(),
    chat_thread_id: z.int().nullable(),
    parent_message_id: z.int().nullable(),
    lesson_id: z.int().nullable(),
    edited_at: z.iso.datetime().nullable(),
    replies_count: z.int(),
    total_thread_participants_count: z.int(),
    thread_participants_preview: z.array(threadParticipantSchema),
    chat_thread_replies_count: z.int(),
  })
  .meta({ id: 'ChatRoomMessage' });

/** A message that is gone is named, not shown; with the root of its thread as it is afterwards. */
export const goneMessageSchema = z
  .strictObject({
    id: z.int(),
    chat_room_uuid: z.uuid(),
    parent_message_id: z.int().nullable(),
    chat_thread_id: z.int().nullable(),
    parent_deleted: z.boolean(),
    parent_message: messageSchema.nullable(),
  })
  .meta({ id: 'GoneChatRoomMessage' });

export type ThreadParticipantView = z.infer<typeof threadParticipantSchema>;
export type SenderView = z.infer<typeof senderSchema>;
export type MessageView = Omit<z.infer<typeof messageSchema>, 'rich_text_body'> & { rich_text_body: JsonObject };

/** What a list of rooms shows of the latest message. */
export type LastMessageView = Pick<
  MessageView,
  | 'id'
  | 'body'
  | 'rich_text_body'
  | 'created_at'
  | 'sent_at'
  | 'edited_at'
  | 'chat_room_uuid'
  | 'chat_room_participant_id'
  | 'parent_message_id'
  | 'sender'
> & { bookmark_id: null };

/** A thread in numbers and faces, counted when it is asked for. */
export interface ThreadSummary {
  id: number;
  repliesCount: number;
  participantsCount: number;
  /** The first of those who wrote in it, the author of the root before all. */
  preview: ChatRoomParticipant[];
}

/** Needs the room loaded and the members filled in. */
export function toMessageView(message: Message, thread: ThreadSummary | null): MessageView {
  const { chatRoom: room, participant: sender } = message;
  const sentAt = message.sentAt.toISOString();
  const parentMessageId = message.parentMessageId ?? null;
  return {
    id: message.id,
    chat_room_uuid: room.uuid,
    chat_room_kind: room.kind,
    chat_room_participant_id: sender.id,
    body: message.body,
    rich_text_body: message.richTextBody,
    sent_at: sentAt,
    created_at: sentAt,
    sender: toSenderView(sender),
    creation_uuid: message.creationUuid,
    chat_thread_id: thread?.id ?? null,
    parent_message_id: parentMessageId,
    lesson_id: lessonId(room),
    edited_at: message.editedAt?.toISOString() ?? null,
    replies_count: parentMessageId === null ? (thread?.repliesCount ?? 0) : 0,
    total_thread_participants_count: thread?.participantsCount ?? 0,
    thread_participants_preview: thread?.preview.map(toThreadParticipantView) ?? [],
    chat_thread_replies_count: thread?.repliesCount ?? 0,
  };
}

export function toLastMessageView(view: MessageView): LastMessageView {
  return {
    id: view.id,
    body: view.body,
    rich_text_body: view.rich_text_body,
    created_at: view.created_at,
    sent_at: view.sent_at,
    edited_at: view.edited_at,
    chat_room_uuid: view.chat_room_uuid,
    chat_room_participant_id: view.chat_room_participant_id,
    parent_message_id: view.parent_message_id,
    bookmark_id: null,
    sender: view.sender,
  };
}

/** Where a message lives. */
export function messagePath(roomUuid: string, messageId: number): string {
  return `${messagesPath(roomUuid)}/${messageId}`;
}

/** Where all of a room's messages live. */
export function messagesPath(roomUuid: string): string {
  return `${chatRoomPaths.room(roomUuid)}/messages`;
}

function toThreadParticipantView({ id, member }: ChatRoomParticipant): ThreadParticipantView {
  return { id, community_member_id: member.id, name: member.name, avatar_url: member.avatar_url };
}

function toSenderView({ id, member }: ChatRoomParticipant): SenderView {
  const { user_public_uid } = member;
  return { id, community_member_id: member.id, name: member.name, avatar_url: member.avatar_url, user_public_uid };
}
