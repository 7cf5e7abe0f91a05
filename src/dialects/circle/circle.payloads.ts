import { isObject, type JsonObject } from '../../common/json.js';
import { displayName } from '../../modules/chat-rooms/index.js';

/** The keys of each shape, exactly as the clients know them (docs/dialects/actioncable.md). */
export const THREAD_MESSAGE_KEYS = [
  'id',
  'chat_room_participant_id',
  'rich_text_body',
  'created_at',
  'sender',
  'creation_uuid',
  'chat_thread_id',
  'parent_message_id',
  'lesson_id',
  'edited_at',
  'replies_count',
  'total_thread_participants_count',
  'thread_participants_preview',
] as const;
export const EDITED_MESSAGE_KEYS = [...THREAD_MESSAGE_KEYS, 'chat_room_uuid', 'body', 'sent_at'] as const;
export const MESSAGE_KEYS = [...EDITED_MESSAGE_KEYS, 'chat_room_kind', 'chat_thread_replies_count'] as const;
export const CHAT_ROOM_KEYS = [
  'id',
  'uuid',
  'identifier',
  'unread_messages_count',
  'chat_room_kind',
  'chat_room_name',
  'chat_room_description',
  'chat_room_show_history',
  'other_participants_preview',
  'current_participant',
  'last_message',
] as const;

/** A new message: 18 keys. */
export const toMessage = (view: JsonObject): JsonObject => pick(view, MESSAGE_KEYS);

/** A message that has changed, or is shown beside another: 16 keys. */
export const toEditedMessage = (view: JsonObject): JsonObject => pick(view, EDITED_MESSAGE_KEYS);

/** The root of a thread that has lost a reply, for the thread's own queue: 13 keys, and one id is a text there. */
export const toThreadMessage = (view: JsonObject): JsonObject => ({
  ...pick(view, THREAD_MESSAGE_KEYS),
  chat_room_participant_id: String(view.chat_room_participant_id),
});

/** A room as one member sees it: 11 keys. */
export const toChatRoom = (view: JsonObject): JsonObject => pick(view, CHAT_ROOM_KEYS);

/** What is said when a room has changed: 5 keys. Of a view for everybody, in which the name depends on who looks. */
export function toChatRoomChange(view: JsonObject, memberId: number): JsonObject {
  return {
    uuid: view.uuid!,
    chat_room_name: view.chat_room_name ?? nameFor(memberId, view),
    chat_room_description: view.description ?? null,
    chat_room_show_history: view.show_history!,
    pinned_message: isObject(view.pinned_message) ? toEditedMessage(view.pinned_message) : null,
  };
}

function nameFor(memberId: number, { name, named_after }: JsonObject): string {
  const people = (Array.isArray(named_after) ? named_after : []).filter(isObject);
  const others = people.filter((person) => person.community_member_id !== memberId);
  return displayName(
    typeof name === 'string' ? name : null,
    others.map((person) => ({ name: String(person.name) })),
  );
}

function pick(view: JsonObject, keys: readonly string[]): JsonObject {
  return Object.fromEntries(keys.map((key) => [key, view[key] ?? null]));
}
