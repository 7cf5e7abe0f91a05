import { inboxOf, roomOf, type RoomRecord, ticket } from './support/chat.js';
import type { Person } from './support/people.js';
import { RawWebSocket } from './support/raw-web-socket.js';

/** Somebody with bad intentions, and where they may be. */
export interface Troublemaker {
  person: Person;
  /** A room of their own. */
  room: RoomRecord;
  /** A room that is not theirs. */
  closed: RoomRecord;
}

/** A door as the fuzz run uses it. */
export interface FuzzedDoor {
  name: string;
  path: string;
  /** Connects and says who it is. */
  enter(url: string, person: Person): Promise<RawWebSocket>;
  /** Good frames, to make bad ones of. */
  seeds(troublemaker: Troublemaker): Promise<string[]>;
  /** Where a client is sent away after some frames in a row that mean nothing: one that does, to be sent in between. */
  calm?: string;
  /** A frame that is answered when all that came before it has been served, and a part of its answer. */
  marker: [frame: string, answer: string];
}

const event = (name: string, payload: unknown, id = ''): string => `42${id}${JSON.stringify([name, payload])}`;
const about = (command: string, identifier: object, more: object = {}): string =>
  JSON.stringify({ command, identifier: JSON.stringify(identifier), ...more });

/** The WebSocket doors: a new one joins with an entry. */
export const DOORS: FuzzedDoor[] = [
  {
    name: 'Socket.IO',
    path: '/socket/?EIO=4&transport=websocket',
    async enter(url, { token }) {
      const client = await RawWebSocket.open(url);
      client.emit('authenticate', { token });
      await client.heard('42["authenticated"]');
      return client;
    },
    async seeds({ person, room, closed }) {
      const names = [roomOf(room), inboxOf(person), '/channels'];
      const rooms = await Promise.all(names.map(async (name) => ({ name, token: await ticket(person, name) })));
      return [
        ...rooms.flatMap((join) => [
          event('realtime:join', { ...join, last_id: 0 }),
          event('realtime:join', { ...join, position: { seq: 1, epoch: 'x' } }),
          event('realtime:leave', { name: join.name }),
          event('realtime:event', { ...join, data: { type: 'writing', event: { is_writing: true } } }),
        ]),
        event('realtime:join', { name: roomOf(closed), token: rooms[0]!.token }),
        event('online:get', { data: [person.id, String(person.id), 1_000_000] }, '7'),
        event('online:set', { data: [] }, '8'),
        ...['message', 'constructor', '__proto__', ''].map((name) => event(name, { name: roomOf(room), data: 1 })),
      ];
    },
    marker: [event('realtime:leave', { name: 'until here' }), '"until here"'],
  },
  {
    name: 'ActionCable',
    path: '/cable',
    async enter(url, { token }) {
      const headers = { authorization: `Bearer ${token}`, 'sec-websocket-protocol': 'actioncable-v1-ext-json' };
      const client = await RawWebSocket.connect(url, '/cable', headers);
      await client.heard('"welcome"');
      return client;
    },
    seeds({ person: { id }, room, closed }) {
      const history = { since: 1, streams: { [`chat-room-${room.id}-channel`]: { epoch: 'x', offset: 1 } } };
      const channels = [
        { channel: 'NotificationChannel', community_member_id: id },
        { channel: 'ChatRoomChannel', contact_id: String(id) },
        { channel: 'Chats::CommunityMemberThreadsChannel', community_member_id: id },
        { channel: 'Chats::RoomChannel', chat_room_id: room.id },
        { channel: 'Chats::RoomChannel', chat_room_uuid: closed.uuid },
      ];
      const frames = channels.flatMap((channel) => [
        about('subscribe', channel),
        about('subscribe', channel, { history }),
        about('history', channel, { history }),
        about('unsubscribe', channel),
        about('message', channel, { data: '{"action":"speak"}' }),
      ]);
      return Promise.resolve([...frames, '{"type":"pong"}']);
    },
    marker: [about('subscribe', { channel: 'Nothing', until: 'here' }), '\\"until\\":\\"here\\"'],
  },
  {
    name: 'Daptin',
    path: '/live',
    enter: (url, { token }) => RawWebSocket.connect(url, `/live?token=${token}`),
    seeds() {
      const filters = { EventType: 'update', name: 'Ann', __type: 'members', version: 1 };
      const requests = [
        { method: 'list-topic' },
        { method: 'create-topic', attributes: { name: 'members' } },
        { method: 'destroy-topic', attributes: { name: 'nothing' } },
        { method: 'subscribe', attributes: { topic: 'user_account,channels, ,nothing', filters } },
        {
          method: 'subscribe',
          attributes: { topicName: 'chat_room_messages', filters: { body: 'hello' }, last_id: 1, epoch: 'x' },
        },
        { method: 'subscribe', type: 'notifications' },
        { method: 'unsubscribe', attributes: { topic: 'user_account,chat_room_messages' } },
        { method: 'new-message', attributes: { topicName: 'members', message: { text: 'hello' } } },
        { method: 'ping' },
        { method: 'get-topic-permission', attributes: { name: 'members' } },
      ];
      return Promise.resolve(requests.map((request, id) => JSON.stringify({ ...request, id })));
    },
    calm: JSON.stringify({ method: 'ping' }),
    marker: [JSON.stringify({ method: 'ping', id: 'until here' }), '"until here"'],
  },
  {
    name: 'MSquared',
    path: '/api/realtime',
    enter: (url, { token }) => {
      const headers = { authorization: `Bearer ${token}`, 'x-m2-organization': 'main', 'x-m2-project': 'fuzz' };
      return RawWebSocket.connect(url, '/api/realtime', headers);
    },
    seeds() {
      const resources = [
        { type: 'kvStore', id: 'World:kvstoreClient:key' },
        { type: 'kvStore', id: 'Organization:kvstoreServer:key' },
        { type: 'collection', id: 'public' },
        { type: 'collection', id: 'private' },
        { type: 'liveConfig', id: 'news' },
      ];
      const messages = resources.flatMap((resource) => [
        { action: 'subscribe', resource, requestId: resource.id },
        { action: 'unsubscribe', resource },
      ]);
      return Promise.resolve(messages.map((message) => JSON.stringify(message)));
    },
    calm: JSON.stringify({ action: 'unsubscribe', resource: { type: 'liveConfig', id: 'nothing' } }),
    marker: [
      JSON.stringify({ action: 'subscribe', resource: { type: 'liveConfig', id: 'end' }, requestId: 'until here' }),
      '"until here"',
    ],
  },
];
