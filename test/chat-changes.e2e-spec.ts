import { ACCESS_STREAM } from '../src/events/access-changes.js';
import {
  bodies,
  ChatWorld,
  made,
  messagePath,
  outcome,
  read,
  roomPath,
  type RoomRecord,
  see,
  send,
  story,
} from './chat.fixture.js';
import type { Person } from './support/people.js';

interface RoomPage {
  records: RoomRecord[];
  next_cursor: string | null;
  has_next_page: boolean;
  position: number;
  websockets?: { room: string; token: string }[];
}

// Real: the whole server over HTTP, its database, its event log, and the stock Socket.IO client.
describe('changes of chat rooms', () => {
  let world: ChatWorld;
  let ann: Person;
  let bob: Person;
  let cy: Person;

  beforeAll(async () => {
    world = await ChatWorld.open();
    [ann, bob, cy] = [await world.member('Ann'), await world.member('Bob'), await world.member('Cy')];
  });
  afterEach(() => world.closeSockets());
  afterAll(() => world.close());

  const last = async (stream: string) => (await world.events(stream)).at(-1)!;

  it('only those who administer a room change it', async () => {
    const room = await world.group(ann, [bob, world.boss]);
    const refused = [
      bob.http.patch(roomPath(room), { name: 'Mine' }),
      bob.http.delete(roomPath(room)),
      bob.http.post(`${roomPath(room)}/participants`, { member_ids: [cy.id] }),
      bob.http.delete(`${roomPath(room)}/participants/${ann.id}`),
    ];
    expect(await Promise.all(refused.map(outcome))).toEqual(refused.map(() => [403, 'chat_room.forbidden']));
    // An administrator of the workspace, once in the room, administers it.
    expect(await made(world.boss.http.patch(roomPath(room), { name: 'Theirs' }))).toMatchObject({ name: 'Theirs' });
  });

  it('a change is told once in the room, and no change not at all', async () => {
    const room = await world.group(ann, [bob]);
    const changed = await made<RoomRecord>(ann.http.patch(roomPath(room), { name: 'Crew', description: 'We' }));
    expect(changed).toMatchObject({ chat_room_name: 'Crew', chat_room_description: 'We' });
    const before = await world.roomEvents(room);
    expect(before.at(-1)).toMatchObject({
      action: 'updated',
      type: 'chat_room',
      path: `/chat-rooms/${room.uuid}`,
      resource: { id: room.id, uuid: room.uuid, name: 'Crew', description: 'We', updated_at: changed.updated_at },
      author: { member: ann.id },
    });
    // What differs from viewer to viewer is not for the room's stream.
    expect(before.at(-1)!.resource).not.toHaveProperty('current_participant');
    for (const nothing of [{}, { name: 'Crew' }, { show_history: true }, { pinned_message_id: null }]) {
      await made(ann.http.patch(roomPath(room), nothing));
    }
    expect(await world.roomEvents(room)).toEqual(before);
  });

  it.each<[string, object]>([
    ['an unknown field', { admin: true }],
    ['a wrong type', { show_history: 'no' }],
    ['a NUL', { description: '\0' }],
    ['a name that is too long', { name: 'x'.repeat(101) }],
    ['no object', []],
  ])('a change with %s is refused', async (_what, body) => {
    const room = await world.group(ann, []);
    expect(await outcome(ann.http.patch(roomPath(room), body))).toEqual([400, 'request.invalid']);
  });

  it('a living message of the room can be pinned, and its end takes the pin off', async () => {
    const [room, elsewhere] = [await world.group(ann, [bob]), await world.group(ann, [bob])];
    const [message, foreign, gone] = [
      await send(bob, room, 'Important'),
      await send(ann, elsewhere, 'Not here'),
      await send(ann, room, 'Gone'),
    ];
    await made(ann.http.delete(messagePath(room, gone)));
    for (const id of [foreign.id, gone.id, 999_999_999]) {
      expect(await outcome(ann.http.patch(roomPath(room), { pinned_message_id: id }))).toEqual([
        400,
        'chat_room.pinned_message_unknown',
      ]);
    }
    expect(await made(ann.http.patch(roomPath(room), { pinned_message_id: message.id }))).toMatchObject({
      pinned_message: { id: message.id, body: 'Important', replies_count: 0 },
    });
    await made(bob.http.delete(messagePath(room, message)));
    expect(await see(ann, room)).toMatchObject({ pinned_message_id: null, pinned_message: null });
    expect(story(await world.roomEvents(room)).slice(-3)).toEqual([
      'updated chat_room',
      'deleted message',
      'updated chat_room',
    ]);
  });

  it('newcomers get the room in their inbox, the others hear of them, and nobody comes twice', async () => {
    const room = await world.group(ann, [bob]);
    const dan = await world.member('Dan');
    const { records } = await made<{ records: Record<string, unknown>[] }>(
      ann.http.post(`${roomPath(room)}/participants`, { member_ids: [dan.id, bob.id, dan.id, ann.id] }),
    );
    expect(records).toMatchObject([{ community_member_id: dan.id, name: 'Dan', admin: false }]);
    expect(story(await world.roomEvents(room)).slice(3)).toEqual(['created participant']);
    expect(await last(`chat-rooms/${room.uuid}`)).toMatchObject({
      path: `/chat-rooms/${room.uuid}/participants/${dan.id}`,
      resource: records[0],
    });
    expect(await last(`members/${dan.id}`)).toMatchObject({
      action: 'created',
      type: 'chat_room',
      resource: {
        uuid: room.uuid,
        current_participant: { community_member_id: dan.id },
        chat_room_participants_count: 3,
      },
    });
    const listed = await made<{ records: { name: string }[]; has_next_page: boolean }>(
      dan.http.get(`${roomPath(room)}/participants?limit=2`),
    );
    expect([listed.records.map(({ name }) => name), listed.has_next_page]).toEqual([['Ann', 'Bob'], true]);
  });

  it('a removed participant loses the room before anything later happens there, and is told', async () => {
    const room = await world.group(ann, [bob, cy]);
    const [{ websockets }, { websockets: inbox }] = [
      await made<RoomPage>(bob.http.get(`${roomPath(room)}?websockets=1`)),
      await made<RoomPage>(bob.http.get('/api/me?websockets=1')),
    ];
    const client = await world.connect(bob);
    for (const { room: name, token } of [...websockets!, ...inbox!]) await client.join(name, token);
    await send(ann, room, 'Before');
    await made(ann.http.delete(`${roomPath(room)}/participants/${bob.id}`));
    await send(ann, room, 'After');
    const told = await client.next(
      'realtime:resource',
      ({ type, action }) => type === 'chat_room' && action === 'deleted',
    );
    expect(told).toMatchObject({ room: `/members/${bob.id}`, resource: { id: room.id, uuid: room.uuid } });
    await made(bob.http.patch('/api/me', { headline: 'Still here' }));
    await client.next('realtime:resource', ({ type }) => type === 'member');
    expect(client.resources(`/chat-rooms/${room.uuid}`).map(({ resource }) => resource.body)).toEqual(['Before']);

    client.emit('realtime:join', { name: websockets![0]!.room, token: websockets![0]!.token, last_id: 0 });
    await client.next('realtime:join:error');
    expect(await outcome(bob.http.post(`${roomPath(room)}/messages`, { body: 'Hello?' }))).toEqual([
      404,
      'chat_room.not_found',
    ]);
    expect(await last(ACCESS_STREAM)).toMatchObject({
      resource: { members: [bob.id], streams: [`chat-rooms/${room.uuid}`] },
    });
  });

  it('everybody may leave a group, and who comes back is the same participant', async () => {
    const room = await world.group(ann, [bob]);
    const written = await send(bob, room, 'Mine');
    const { current_participant: place } = await see(bob, room);
    await made(bob.http.delete(`${roomPath(room)}/participants/${bob.id}`));
    expect(await outcome(bob.http.get(roomPath(room)))).toEqual([404, 'chat_room.not_found']);
    expect(await outcome(ann.http.delete(`${roomPath(room)}/participants/${bob.id}`))).toEqual([
      404,
      'participant.not_found',
    ]);
    expect((await read(ann, room)).records).toMatchObject([{ sender: { community_member_id: bob.id, name: 'Bob' } }]);
    await made(ann.http.post(`${roomPath(room)}/participants`, { member_ids: [bob.id] }));
    expect((await see(bob, room)).current_participant).toMatchObject({ id: place.id, admin: false });
    expect(await made(bob.http.patch(messagePath(room, written), { body: 'Still mine' }))).toMatchObject({
      chat_room_participant_id: place.id,
    });
    expect(story(await world.roomEvents(room)).slice(4)).toEqual([
      'deleted participant',
      'created participant',
      'updated message',
    ]);
  });

  it('a deleted room is gone for everybody, and each of them is told', async () => {
    const room = await world.group(ann, [bob, cy]);
    const message = await send(ann, room, 'x');
    await made(ann.http.delete(roomPath(room)));
    const asked = [
      ann.http.get(roomPath(room)),
      bob.http.get(messagePath(room, message)),
      ann.http.delete(roomPath(room)),
    ];
    expect(await Promise.all(asked.map(outcome))).toEqual(asked.map(() => [404, 'chat_room.not_found']));
    for (const { id } of [ann, bob, cy]) {
      expect(await last(`members/${id}`)).toMatchObject({
        action: 'deleted',
        type: 'chat_room',
        resource: { id: room.id, uuid: room.uuid },
      });
    }
    expect(await last(`chat-rooms/${room.uuid}`)).toMatchObject({ action: 'deleted', type: 'chat_room' });
    expect(await last(ACCESS_STREAM)).toMatchObject({ resource: { streams: [`chat-rooms/${room.uuid}`] } });
  });

  it('the list shows the room with the latest message first, page by page, with the position of the inbox', async () => {
    const dan = await world.member('Dan');
    const rooms: RoomRecord[] = [];
    for (const name of ['one', 'two', 'three', 'four', 'five']) rooms.push(await world.group(ann, [dan], { name }));
    await send(ann, rooms[1]!, 'Latest');
    const page = (query: string): Promise<RoomPage> => made(dan.http.get(`/api/chat-rooms?limit=2${query}`));
    const names: unknown[] = [];
    let next: RoomPage | null = await page('&websockets=1');
    expect(next.position).toBe((await last(`members/${dan.id}`)).seq);
    expect(next.websockets!.map(({ room }) => room)).toEqual(next.records.map(({ uuid }) => `/chat-rooms/${uuid}`));
    expect(next.records[0]).toMatchObject({ last_message: { body: 'Latest' }, unread_messages_count: 1 });
    while (next) {
      names.push(...next.records.map(({ name }) => name));
      next = next.next_cursor === null ? null : await page(`&cursor=${next.next_cursor}`);
    }
    expect(names).toEqual(['two', 'five', 'four', 'three', 'one']);
    expect(await outcome(dan.http.get('/api/chat-rooms?cursor=nonsense'))).toEqual([400, 'request.invalid']);
    expect(bodies(await read(dan, rooms[1]!))).toEqual(['Latest']);
  });
});
