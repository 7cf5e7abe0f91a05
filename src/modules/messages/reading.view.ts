import { z } from 'zod';
import type { EventDraft } from '../../events/domain-event.js';
import { type ChatRoomParticipant, chatRoomPaths } from '../chat-rooms/index.js';
import { memberStream } from '../members/index.js';

/** How far a member has read in a room; said to nobody else. */
export const roomReadSchema = z
  .strictObject({
    chat_room_id: z.int(),
    chat_room_uuid: z.uuid(),
    last_read_message_id: z.int().nullable(),
    last_read_at: z.iso.datetime().nullable(),
    unread_messages_count: z.int(),
  })
  .meta({ id: 'ReadChatRoom' });

/** How far a member has read in a thread. */
export const threadReadSchema = z
  .strictObject({
    chat_thread_id: z.int(),
    chat_room_uuid: z.uuid(),
    parent_message_id: z.int(),
    last_read_reply_id: z.int().nullable(),
    last_read_at: z.iso.datetime().nullable(),
  })
  .meta({ id: 'ReadChatThread' });

export type RoomReadView = z.infer<typeof roomReadSchema>;
export type ThreadReadView = z.infer<typeof threadReadSchema>;

/** Where a thread lives. */
export function threadPath(threadId: number): string {
  return `/chat-threads/${threadId}`;
}

export function roomReadDraft({ memberId }: ChatRoomParticipant, resource: RoomReadView): EventDraft {
  const path = chatRoomPaths.room(resource.chat_room_uuid);
  return { stream: memberStream(memberId), action: 'read', type: 'chat_room', path, resource };
}

export function threadReadDraft(memberId: number, resource: ThreadReadView): EventDraft {
  const path = threadPath(resource.chat_thread_id);
  return { stream: memberStream(memberId), action: 'read', type: 'chat_thread', path, resource };
}
