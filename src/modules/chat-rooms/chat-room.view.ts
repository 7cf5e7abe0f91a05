import { z } from 'zod';
import type { ChatRoomActivity } from './chat-room.conversation.js';
import { CHAT_ROOM_KINDS, type ChatRoom, PARENT_TYPES } from './chat-room.entity.js';
import type { ChatRoomParticipant } from './chat-room-participant.entity.js';
import {
  currentParticipantSchema,
  participantSchema,
  type ParticipantView,
  toCurrentParticipantView,
  toParticipantView,
} from './participant.view.js';

/** At most so many people are shown with a room. */
export const PREVIEW_SIZE = 5;
/** A group without a name is called after so many of the others. */
export const NAMING_SIZE = 3;

/** What is the same for everybody in the room; all that its events carry. */
export const sharedChatRoomSchema = z
  .strictObject({
    id: z.int(),
    uuid: z.uuid(),
    identifier: z.string(),
    kind: z.enum(CHAT_ROOM_KINDS),
    name: z.string().nullable(),
    description: z.string().nullable(),
    show_history: z.boolean(),
    pinned_message_id: z.int().nullable(),
    is_embedded: z.boolean(),
    parent_type: z.enum(PARENT_TYPES).nullable(),
    parent_id: z.int().nullable(),
    lesson_id: z.int().nullable(),
    created_at: z.iso.datetime(),
    updated_at: z.iso.datetime(),
  })
  .meta({ id: 'SharedChatRoom' });

/** The names of the above. */
export const SHARED_FIELDS = Object.keys(sharedChatRoomSchema.shape);

const messageSchema = z.looseObject({ id: z.int() }).nullable();

/** What the room's own stream tells of a change: what has changed, and for whom the room has no name, after whom it is called. */
export const changedChatRoomSchema = sharedChatRoomSchema
  .extend({
    changed: z.array(z.string()),
    pinned_message: messageSchema,
    named_after: z.array(z.strictObject({ community_member_id: z.int(), name: z.string() })),
  })
  .meta({ id: 'ChangedChatRoom' });

/** A room that is gone is named, not shown. */
export const goneChatRoomSchema = z.strictObject({ id: z.int(), uuid: z.uuid() }).meta({ id: 'GoneChatRoom' });

/** A room as one participant sees it. */
export const chatRoomSchema = sharedChatRoomSchema
  .extend({
    chat_room_kind: z.enum(CHAT_ROOM_KINDS),
    chat_room_name: z.string(),
    chat_room_description: z.string().nullable(),
    chat_room_show_history: z.boolean(),
    chat_room_participants_count: z.int(),
    other_participants_preview: z.array(participantSchema),
    current_participant: currentParticipantSchema,
    unread_messages_count: z.int(),
    first_unread_message_id: z.int().nullable(),
    last_message: messageSchema,
    pinned_message: messageSchema,
    pinned_at: z.iso.datetime().nullable().describe('When the caller pinned the room; null: not at all.'),
  })
  .meta({ id: 'ChatRoom' });

export type SharedChatRoomView = z.infer<typeof sharedChatRoomSchema>;
export type ChatRoomView = Omit<z.infer<typeof chatRoomSchema>, 'last_message' | 'pinned_message'> &
  Pick<ChatRoomActivity, 'last_message' | 'pinned_message'>;

/** Who else is in a room: how many, and the first of them. */
export interface ChatRoomCompany {
  count: number;
  first: ChatRoomParticipant[];
}

/**
 * The view for the room's own stream. It names the pinned message but does not show it: not everybody in the room may
 * see every message.
 */
export function toSharedChatRoomView(room: ChatRoom): SharedChatRoomView {
  return {
    id: room.id,
    uuid: room.uuid,
    identifier: room.identifier,
    kind: room.kind,
    name: room.name ?? null,
    description: room.description ?? null,
    show_history: room.showHistory,
    pinned_message_id: room.pinnedMessageId ?? null,
    is_embedded: room.isEmbedded,
    parent_type: room.parentType ?? null,
    parent_id: room.parentId ?? null,
    lesson_id: lessonId(room),
    created_at: room.createdAt.toISOString(),
    updated_at: room.updatedAt.toISOString(),
  };
}

/** Needs the room loaded and the members filled in. */
export function toChatRoomView(
  viewer: ChatRoomParticipant,
  company: ChatRoomCompany,
  activity: ChatRoomActivity,
  pinnedAt: Date | null,
): ChatRoomView {
  const { chatRoom: room } = viewer;
  const others = company.first.filter(({ id }) => id !== viewer.id).map(toParticipantView);
  return {
    ...toSharedChatRoomView(room),
    chat_room_kind: room.kind,
    chat_room_name: displayName(room.name, others),
    chat_room_description: room.description ?? null,
    chat_room_show_history: room.showHistory,
    chat_room_participants_count: company.count,
    other_participants_preview: others.slice(0, PREVIEW_SIZE),
    current_participant: toCurrentParticipantView(viewer, activity),
    unread_messages_count: activity.unread_messages_count,
    first_unread_message_id: activity.first_unread_message_id,
    last_message: activity.last_message,
    pinned_message: activity.pinned_message,
    pinned_at: pinnedAt?.toISOString() ?? null,
  };
}

export function lessonId({ parentType, parentId }: ChatRoom): number | null {
  return parentType === 'Lesson' ? parentId : null;
}

/** What somebody calls a room: one without a name after the first of the others in it. */
export function displayName(name: string | null, others: Pick<ParticipantView, 'name'>[]): string {
  if (name) return name;
  return others
    .slice(0, NAMING_SIZE)
    .map((other) => other.name)
    .join(', ');
}
