import { ActionCablePage } from '../../../test/support/actioncable-page.js';
import type { JsonObject } from '../../common/json.js';
import type { DomainEvent } from '../../events/domain-event.js';
import {
  isNamedByViewer,
  toListedRoomEvent,
  toNotificationEvent,
  toOwnRoomEvent,
  toOwnThreadEvent,
  toRoomEvent,
  toThreadEvent,
  type Translation,
} from './circle.events.js';

const ME = 7;
const page = new ActionCablePage();

/** The first of what the tables of docs/dialects/actioncable.md name, and what no client is to see. */
const withKeysOf = (shape: string, more: JsonObject = {}): JsonObject => ({
  ...Object.fromEntries(page.keysOf(shape).map((key) => [key, null])),
  secret: 'never',
  ...more,
});
const person = { id: 70, community_member_id: ME, name: 'Me', avatar_url: null };
const sender = { ...person, user_public_uid: 'uid' };
const message = withKeysOf('message', {
  id: 1,
  chat_room_participant_id: 70,
  sender,
  thread_participants_preview: [person],
  chat_room_kind: 'direct',
});
const reply = { ...message, id: 2, parent_message_id: 1 };
const gone = { id: 2, chat_room_uuid: 'u', parent_message_id: 1, chat_thread_id: 3, parent_deleted: false };
/** As the room's own stream has it. */
const shared = { id: 5, uuid: 'u', kind: 'direct', name: null, description: 'd', show_history: true };
const namedAfter = [1, ME, 8, 9].map((id) => ({ community_member_id: id, name: `Member ${id}` }));
const changed = { ...shared, changed: ['name'], named_after: namedAfter, pinned_message: message };
/** As one member sees it. */
const room = withKeysOf('room', {
  ...shared,
  chat_room_name: 'Somebody',
  current_participant: withKeysOf('current participant', { secret: undefined! }),
  other_participants_preview: [],
  is_embedded: false,
});
const counts = { new_notifications_count: 3, new_mentions_count: 1, new_inbox_count: 1 };
const notification = withKeysOf('notification', { secret: undefined! });

function event(
  type: string,
  action: string,
  resource: JsonObject | null,
  more: Partial<DomainEvent> = {},
): DomainEvent {
  const clean = resource && (JSON.parse(JSON.stringify(resource)) as JsonObject);
  return { type, action, resource: clean, concerns: null, stream: 's', seq: 1, ...more } as DomainEvent;
}
const concerning = { concerns: [ME] };

const ROOMS = 'ChatRoomChannel';
const TALK = 'Chats::RoomChannel';
const THREADS = 'Chats::CommunityMemberThreadsChannel';
const NOTICES = 'NotificationChannel';

const TOLD: [string, string, Translation, DomainEvent][] = [
  [NOTICES, 'newNotification', toNotificationEvent, event('notification', 'created', notification)],
  [NOTICES, 'updateNewNotificationCount', toNotificationEvent, event('notification_count', 'updated', counts)],
  [NOTICES, 'resetNewNotificationCount', toNotificationEvent, event('notification_count', 'reset', counts)],
  [ROOMS, 'chatRoomCreated', toOwnRoomEvent, event('chat_room', 'created', room)],
  [ROOMS, 'chatRoomUpdated', toOwnRoomEvent, event('chat_room', 'updated', room)],
  [ROOMS, 'chatRoomUpdated', toListedRoomEvent, event('chat_room', 'updated', changed)],
  [ROOMS, 'chatRoomDeleted', toOwnRoomEvent, event('chat_room', 'deleted', { id: 5, uuid: 'u' })],
  [ROOMS, 'chatRoomRead', toOwnRoomEvent, event('chat_room', 'read', { chat_room_id: 5, chat_room_uuid: 'u' })],
  [ROOMS, 'chatRoomPinned', toOwnRoomEvent, event('chat_room', 'pinned', { chat_room_id: 5, pinned_at: 'now' })],
  [ROOMS, 'chatRoomUnPinned', toOwnRoomEvent, event('chat_room', 'unpinned', { chat_room_id: 5, uuid: 'u' })],
  [ROOMS, 'newMessage', toListedRoomEvent, event('message', 'created', message)],
  [TALK, 'newMessage', toRoomEvent, event('message', 'created', reply)],
  [TALK, 'updatedMessage', toRoomEvent, event('message', 'updated', reply)],
  [TALK, 'deletedMessage', toRoomEvent, event('message', 'deleted', { ...gone, parent_message: message })],
  [TALK, 'deletedMessage', toRoomEvent, event('message', 'deleted', { ...gone, parent_message: null })],
  [TALK, 'chatRoomUpdated', toRoomEvent, event('chat_room', 'updated', changed)],
  [THREADS, 'newMessage', toThreadEvent, event('message', 'created', reply, concerning)],
  [THREADS, 'updatedMessage', toThreadEvent, event('message', 'updated', reply, concerning)],
  [
    THREADS,
    'deletedMessage',
    toThreadEvent,
    event('message', 'deleted', { ...gone, parent_message: message }, concerning),
  ],
  [
    THREADS,
    'chatThreadRead',
    toOwnThreadEvent,
    event('chat_thread', 'read', { chat_thread_id: 3, parent_message_id: 1 }),
  ],
];

const SILENT: [string, Translation, DomainEvent][] = [
  [
    'a notification that was read, on its own queue',
    toNotificationEvent,
    event('notification', 'updated', notification),
  ],
  ['all that were marked as read', toNotificationEvent, event('notifications', 'read', {})],
  ['an embedded room, in the list', toOwnRoomEvent, event('chat_room', 'created', { ...room, is_embedded: true })],
  ['what a participant sets for themselves', toOwnRoomEvent, event('participant', 'updated', {})],
  ['a reply, in the list', toListedRoomEvent, event('message', 'created', reply)],
  ['an edit, in the list', toListedRoomEvent, event('message', 'updated', message)],
  ['a deletion, in the list', toListedRoomEvent, event('message', 'deleted', gone)],
  [
    'a description, in the list',
    toListedRoomEvent,
    event('chat_room', 'updated', { ...changed, changed: ['description'] }),
  ],
  ['a room whose change is nothing', toRoomEvent, event('chat_room', 'updated', { ...changed, changed: [] })],
  ['a new room, in itself', toRoomEvent, event('chat_room', 'created', shared)],
  ['a room that is gone, in itself', toRoomEvent, event('chat_room', 'deleted', { id: 5, uuid: 'u' })],
  ['a participant', toRoomEvent, event('participant', 'created', {})],
  ['a reaction', toRoomEvent, event('reaction', 'created', {})],
  ['a reply that goes with its root', toRoomEvent, event('message', 'deleted', { ...gone, parent_deleted: true })],
  ['somebody else’s thread', toThreadEvent, event('message', 'created', reply, { concerns: [8] })],
  ['a message without a thread', toThreadEvent, event('message', 'created', message)],
  ['a thread that was read, for the list', toOwnRoomEvent, event('chat_thread', 'read', {})],
  ['a room that was read, for the threads', toOwnThreadEvent, event('chat_room', 'read', {})],
];

describe('events as the queues of ActionCable say them', () => {
  it.each(TOLD)('%s %s has the keys that the page lists, and no others', (channel, name, translate, told) => {
    const said = translate(told, ME)!;
    expect(said.event).toBe(name);
    expect(page.faults(channel, said)).toEqual([]);
    expect(JSON.stringify(said)).not.toContain('secret');
  });

  it('all that the page lists is said', () => {
    expect(page.events).toEqual([...new Set(TOLD.map(([channel, name]) => `${channel} ${name}`))]);
  });

  it.each(SILENT)('nothing is said of %s', (_what, translate, event) => {
    expect(translate(event, ME)).toBeNull();
  });

  it('the sizes of the payloads are those that clients know', () => {
    const shapes = ['message', 'changed message', 'thread root', 'room', 'changed room'];
    expect(shapes.map((shape) => page.keysOf(shape).length)).toEqual([18, 16, 13, 11, 5]);
  });

  it('for its thread the root has its participant as a text', () => {
    const deleted = event('message', 'deleted', { ...gone, parent_message: message }, concerning);
    expect(toThreadEvent(deleted, ME)).toMatchObject({ parent_message: { chat_room_participant_id: '70' } });
    expect(toRoomEvent(deleted, ME)).toMatchObject({ parent_message: { chat_room_participant_id: 70 } });
  });

  it('a room without a name is called after three of the others, by each who looks; one with a name is not', () => {
    const nameless = event('chat_room', 'updated', changed);
    expect(isNamedByViewer(nameless)).toBe(true);
    expect(toRoomEvent(nameless, ME)).toMatchObject({ chat_room_name: 'Member 1, Member 8, Member 9' });
    expect(toRoomEvent(nameless, 1)).toMatchObject({ chat_room_name: 'Member 7, Member 8, Member 9' });
    const named = event('chat_room', 'updated', { ...changed, name: 'Plans', named_after: [] });
    expect(isNamedByViewer(named)).toBe(false);
    expect(toRoomEvent(named, ME)).toMatchObject({ chat_room_name: 'Plans', chat_room_description: 'd' });
  });

  it('what is missing is null', () => {
    const { edited_at: _gone, ...incomplete } = message;
    expect(toRoomEvent(event('message', 'created', incomplete), ME)).toHaveProperty('edited_at', null);
  });
});
