import { inboxOf, type MessageRecord, openDirect, openGroup, roomOf, type RoomRecord, send } from './chat.js';
import type { HttpClient } from './http-client.js';
import { furnishOthers, type OtherFeature } from './other-features.js';
import { logIn, PASSWORD, type Person, register } from './people.js';
import type { Route } from './routes.js';

export interface Furnished {
  boss: Person;
  ann: Person;
  bob: Person;
  room: RoomRecord;
  message: MessageRecord;
  /** That of the message. */
  thread: number;
  /** One of Ann's. */
  notification: number;
  group: number;
  apiKey: { id: number; api_key: string };
  /** Of the class `news`. */
  object: number;
  others: OtherFeature[];
}

const KEY = '/api/resources/kv/world/client/a-key';
const COLLECTION = { datasource_id: 'hats', items: [{ object_definition_id: 'hat-1', balance: 2 }] };
const SETTINGS = { type: 'object', properties: { speed: { type: 'number' } } };
const NOTICE = { action: 'like', notifiable_type: 'Post', notifiable_id: 7 };

/** One of everything: people, a group, a key, channels of both types, a conversation with a thread. Bob is in none of it. */
export async function furnish(http: HttpClient, admin: { email: string; password: string }): Promise<Furnished> {
  const boss = await logIn(http, admin.email, admin.password);
  const [ann, bob] = [await register(http, 'Ann'), await register(http, 'Bob')];
  const room = await openGroup(ann, [boss], { name: 'Furniture' });
  const message = await send(ann, room, 'a message');
  const { chat_thread_id: thread } = await send(boss, room, 'a reply', { parent_message_id: message.id });
  await openDirect(ann, boss);
  const { body: notification } = await boss.http.post<{ id: number }>(`/api/members/${ann.id}/notifications`, NOTICE);
  const { body: group } = await boss.http.post<{ id: number }>('/api/groups', { label: 'Crew' });
  await boss.http.post(`/api/groups/${group.id}/members`, { member_ids: [ann.id, boss.id] });
  const { body: apiKey } = await boss.http.post<Furnished['apiKey']>('/api/api-keys', { description: 'a key' });
  for (const [name, type] of [
    ['news', 'default'],
    ['rooms', 'separate_rooms'],
  ] as const) {
    const channel = { name, type, custom_publish: true, group: group.id, group_permissions: 'publish' };
    await boss.http.post('/api/channels', channel);
    await boss.http.post(`/api/channels/${name}/publish`, {
      payload: { text: 'hello' },
      room: type === 'default' ? undefined : 'one',
    });
  }
  const schema = [{ name: 'title', type: 'string', filter_index: true, order_index: true }];
  await boss.http.post('/api/classes', { name: 'news', schema });
  const paper = { title: 'a title', channel: 'news', other_permissions: 'read' };
  const { body: object } = await ann.http.post<{ id: number }>('/api/classes/news/objects', paper);
  for (const person of [ann, boss]) await person.http.put(`${KEY}`, { value: { lives: 3 } });
  await boss.http.put('/api/resources/collections/private', { value: COLLECTION });
  await boss.http.put('/api/resources/live-config/news', { value: { speed: 1 } });
  await boss.http.put('/api/resources/live-config/news/schema', { schema: SETTINGS });
  const others = await furnishOthers(ann);
  return {
    boss,
    ann,
    bob,
    room,
    message,
    thread: thread!,
    notification: notification.id,
    group: group.id,
    apiKey,
    object: object.id,
    others,
  };
}

/** Every kind of room that Ann may join. */
export function roomsOf({ ann, room, others }: Furnished): string[] {
  const channels = [
    '/members',
    '/classes/news',
    '/channels',
    '/channels/news',
    '/channels/rooms',
    '/channels/rooms/rooms/one',
  ];
  const documents = [
    `kv/world/~:default:default/${ann.id}/client/a-key`,
    'live-config/~:default/news',
    `members/${ann.id}`,
  ];
  const resources = ['/resources', ...documents.map((path) => `/resources/${path}`)];
  return [...channels, ...resources, roomOf(room), inboxOf(ann), ...others.flatMap(({ rooms }) => rooms)];
}

/** The address of a route, with the ids of what is there. */
export function addressOf({ template }: Route, world: Furnished): string {
  const ids: [string, string | number][] = [
    ['/api/chat-rooms/{uuid}/messages/{id}', world.message.id],
    ['/api/api-keys/{id}', world.apiKey.id],
    ['/api/chat-threads/{id}', world.thread],
    ['{emoji}', 'thumbsup'],
    ['/api/members/{id}', world.bob.id],
    ['/api/notifications/{id}', world.notification],
    ['/api/groups/{id}', world.group],
    ['/api/classes/{name}/objects/{id}', world.object],
    ...world.others.map(({ collection, id }): [string, number] => [`${collection}/{id}`, id]),
    ['{scope}', 'world'],
    ['{store}', 'client'],
    ['{key}', 'a-key'],
    ['{visibility}', 'private'],
    ['{config}', 'news'],
    ['{uuid}', world.room.uuid],
    ['{name}', 'news'],
    ['{member_id}', world.boss.id],
  ];
  const filled = ids.reduce((path, [part, id]) => {
    const place = part.slice(part.lastIndexOf('{'));
    return path.replace(part, part.replace(place, String(id)));
  }, template);
  if (filled.includes('{')) throw new Error(`Nobody knows an example of ${template}`);
  return filled;
}

/** A body that each route with a body accepts. */
export function bodyOf(route: Route, world: Furnished): object {
  const bodies: Record<string, object> = {
    'POST /api/realtime/tokens': { rooms: ['/channels'] },
    'POST /api/api-keys': { description: 'another key' },
    'POST /api/auth/register': { email: 'new@example.com', password: PASSWORD, name: 'New' },
    'POST /api/auth/login': { email: world.ann.email, password: PASSWORD },
    'POST /api/auth/refresh': { refresh_token: world.ann.refreshToken },
    'POST /api/auth/logout': { refresh_token: world.bob.refreshToken },
    'PATCH /api/me': { headline: 'changed' },
    'POST /api/members': { email: 'made@example.com', password: PASSWORD, name: 'Made' },
    'PATCH /api/members/{id}': { role: 'member' },
    'POST /api/members/{id}/notifications': NOTICE,
    'POST /api/notifications/mark_all_as_read': { notification_type: 'mentions' },
    'POST /api/groups': { label: 'Another' },
    'PATCH /api/groups/{id}': { description: 'changed' },
    'POST /api/groups/{id}/members': { member_ids: [world.bob.id] },
    'POST /api/channels': { name: 'another', other_permissions: 'subscribe' },
    'PATCH /api/channels/{name}': { description: 'changed' },
    'POST /api/channels/{name}/publish': { payload: { text: 'again' } },
    'PATCH /api/workspace': { member_channels: true },
    'POST /api/classes': { name: 'another', schema: [{ name: 'title', type: 'string' }] },
    'PATCH /api/classes/{name}': { description: 'changed' },
    'POST /api/classes/{name}/objects': { title: 'another' },
    'PATCH /api/classes/{name}/objects/{id}': { title: 'changed' },
    'PUT /api/resources/kv/{scope}/{store}/{key}': { value: 1 },
    'PATCH /api/resources/kv/{scope}/{store}/{key}': { value: { lives: 2 } },
    'PUT /api/resources/collections/{visibility}': { value: COLLECTION },
    'PATCH /api/resources/collections/{visibility}': { value: { items: [] } },
    'PUT /api/resources/live-config/{config}': { value: { speed: 2 } },
    'PATCH /api/resources/live-config/{config}': { value: { speed: 3 } },
    'PUT /api/resources/live-config/{config}/schema': { schema: SETTINGS },
    'POST /api/chat-rooms': { kind: 'group_chat', member_ids: [world.bob.id] },
    'PATCH /api/chat-rooms/{uuid}': { description: 'changed' },
    'PATCH /api/chat-rooms/{uuid}/participants/{member_id}': { admin: true },
    'POST /api/chat-rooms/{uuid}/participants': { member_ids: [world.bob.id] },
    'POST /api/chat-rooms/{uuid}/messages': { body: 'one more' },
    'PATCH /api/chat-rooms/{uuid}/messages/{id}': { body: 'edited' },
    'POST /api/chat-rooms/{uuid}/messages/{id}/reactions': { emoji: 'thumbsup' },
  };
  const body = bodies[route.name] ?? route.example;
  if (!body) throw new Error(`Nobody knows a body for ${route.name}: add one here, or an example to its schema`);
  return body;
}
