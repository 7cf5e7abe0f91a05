import { z } from 'zod';
import type { ChatRoom } from './chat-room.entity.js';

/** A room that is not pinned any more. */
export const unpinnedSchema = z
  .strictObject({ chat_room_id: z.int(), chat_room_uuid: z.uuid() })
  .meta({ id: 'UnpinnedChatRoom' });

/** A room that the member has pinned. */
export const pinSchema = unpinnedSchema.extend({ pinned_at: z.iso.datetime() }).meta({ id: 'PinnedChatRoom' });

export type UnpinnedView = z.infer<typeof unpinnedSchema>;
export type PinView = z.infer<typeof pinSchema>;

export function toUnpinnedView({ id, uuid }: ChatRoom): UnpinnedView {
  return { chat_room_id: id, chat_room_uuid: uuid };
}

export function toPinView(room: ChatRoom, pinnedAt: Date): PinView {
  return { ...toUnpinnedView(room), pinned_at: pinnedAt.toISOString() };
}
