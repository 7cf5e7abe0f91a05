import { isObject, type JsonObject } from '../../common/json.js';
import type { DomainEvent } from '../../events/domain-event.js';
import { toChatRoom, toChatRoomChange, toEditedMessage, toMessage, toThreadMessage } from './circle.payloads.js';

/** An event as one queue says it: its name in `event`, the rest beside it; null when the queue does not tell of it. */
export type Translation = (event: DomainEvent, memberId: number) => JsonObject | null;

/** `NotificationChannel`, from the member's own stream. */
export const toNotificationEvent: Translation = ({ type, action, resource }): JsonObject | null => {
  switch (`${type} ${action}`) {
    case 'notification created':
      return { event: 'newNotification', notification: resource };
    case 'notification_count updated':
      return { event: 'updateNewNotificationCount', new_notifications_count: resource!.new_notifications_count! };
    case 'notification_count reset':
      return { event: 'resetNewNotificationCount', new_notifications_count: 0 };
    default:
      return null;
  }
};

/** `ChatRoomChannel`, from the member's own stream: what happens to their rooms for them alone. */
export const toOwnRoomEvent: Translation = ({ type, action, resource }, memberId): JsonObject | null => {
  if (type !== 'chat_room' || !resource) return null;
  switch (action) {
    case 'created':
      return resource.is_embedded === true ? null : { event: 'chatRoomCreated', ...toChatRoom(resource) };
    case 'updated':
      return { event: 'chatRoomUpdated', ...toChatRoomChange(resource, memberId) };
    case 'deleted':
      return { event: 'chatRoomDeleted', chat_room_uuid: resource.uuid! };
    case 'read':
      return { event: 'chatRoomRead', chat_room_uuid: resource.chat_room_uuid! };
    case 'pinned':
      return { event: 'chatRoomPinned', chat_room_id: resource.chat_room_id!, pinned_at: resource.pinned_at! };
    case 'unpinned':
      return { event: 'chatRoomUnPinned', chat_room_id: resource.chat_room_id! };
    default:
      return null;
  }
};

/** `ChatRoomChannel`, from the stream of each of the member's rooms. */
export const toListedRoomEvent: Translation = ({ type, action, resource }, memberId): JsonObject | null => {
  if (!resource) return null;
  if (type === 'message' && action === 'created' && resource.parent_message_id === null) {
    return { event: 'newMessage', ...toMessage(resource) };
  }
  const renamed = type === 'chat_room' && action === 'updated' && changes(resource).includes('name');
  return renamed ? { event: 'chatRoomUpdated', ...toChatRoomChange(resource, memberId) } : null;
};

/** `Chats::RoomChannel`, from the room's stream. */
export const toRoomEvent: Translation = (event, memberId) => {
  const { type, action, resource } = event;
  if (type === 'message') return toMessageEvent(event, toEditedMessage);
  const changed = type === 'chat_room' && action === 'updated' && changes(resource).length > 0;
  return changed ? { event: 'chatRoomUpdated', ...toChatRoomChange(resource!, memberId) } : null;
};

/** `Chats::CommunityMemberThreadsChannel`, from the member's own stream. */
export const toOwnThreadEvent: Translation = ({ type, action, resource }) =>
  type === 'chat_thread' && action === 'read'
    ? { event: 'chatThreadRead', chat_thread_id: resource!.chat_thread_id! }
    : null;

/** `Chats::CommunityMemberThreadsChannel`, from the stream of each of the member's rooms. */
export const toThreadEvent: Translation = (event, memberId) =>
  event.type === 'message' && event.concerns?.includes(memberId) === true
    ? toMessageEvent(event, toThreadMessage)
    : null;

/** Replies that go with their root are not told of one by one. */
function toMessageEvent(
  { action, resource }: DomainEvent,
  toParent: (view: JsonObject) => JsonObject,
): JsonObject | null {
  if (!resource) return null;
  switch (action) {
    case 'created':
      return { event: 'newMessage', ...toMessage(resource) };
    case 'updated':
      return { event: 'updatedMessage', ...toEditedMessage(resource) };
    case 'deleted': {
      if (resource.parent_deleted === true) return null;
      const parent = isObject(resource.parent_message) ? toParent(resource.parent_message) : null;
      return { event: 'deletedMessage', id: resource.id!, parent_message: parent };
    }
    default:
      return null;
  }
}

function changes(resource: JsonObject | null): unknown[] {
  return Array.isArray(resource?.changed) ? resource.changed : [];
}
