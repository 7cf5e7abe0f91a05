import { z } from 'zod';
import { chatRoomSchema } from '../../modules/chat-rooms/index.js';
import { messageSchema } from '../../modules/messages/index.js';
import { notificationCountSchema, notificationSchema } from '../../modules/notifications/index.js';
import { CHAT_ROOM_KEYS, EDITED_MESSAGE_KEYS, MESSAGE_KEYS, THREAD_MESSAGE_KEYS } from './circle.payloads.js';

const message = messageSchema.pick(mask(MESSAGE_KEYS)).meta({ id: 'CableMessage' });
const editedMessage = messageSchema.pick(mask(EDITED_MESSAGE_KEYS)).meta({ id: 'CableChangedMessage' });
const threadMessage = messageSchema
  .pick(mask(THREAD_MESSAGE_KEYS))
  .extend({ chat_room_participant_id: z.string() })
  .meta({ id: 'CableThreadRoot' });
const chatRoom = chatRoomSchema.pick(mask(CHAT_ROOM_KEYS)).meta({ id: 'CableRoom' });
const chatRoomChange = z
  .strictObject({
    uuid: z.uuid(),
    chat_room_name: z.string(),
    chat_room_description: z.string().nullable(),
    chat_room_show_history: z.boolean(),
    pinned_message: editedMessage.nullable(),
  })
  .meta({ id: 'CableChangedRoom' });
const { new_notifications_count } = notificationCountSchema.shape;

/** What the queues tell (docs/dialects/actioncable.md), by the name in `event`: what stands beside it. */
export const queueMessages = {
  newNotification: z.strictObject({ notification: notificationSchema }),
  updateNewNotificationCount: z.strictObject({ new_notifications_count }),
  resetNewNotificationCount: z.strictObject({ new_notifications_count: z.literal(0) }),
  chatRoomCreated: chatRoom,
  chatRoomUpdated: chatRoomChange,
  chatRoomDeleted: z.strictObject({ chat_room_uuid: z.uuid() }),
  chatRoomRead: z.strictObject({ chat_room_uuid: z.uuid() }),
  chatRoomPinned: z.strictObject({ chat_room_id: z.int(), pinned_at: z.iso.datetime() }),
  chatRoomUnPinned: z.strictObject({ chat_room_id: z.int() }),
  newMessage: message,
  updatedMessage: editedMessage,
  deletedMessage: z.strictObject({ id: z.int(), parent_message: editedMessage.or(threadMessage).nullable() }),
  chatThreadRead: z.strictObject({ chat_thread_id: z.int() }),
} satisfies Record<string, z.ZodObject>;

function mask<Key extends string>(keys: readonly Key[]): Record<Key, true> {
  return Object.fromEntries(keys.map((key) => [key, true])) as Record<Key, true>;
}
