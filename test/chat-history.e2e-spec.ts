import {
  bodies,
  ChatWorld,
  made,
  messagePath,
  messagesPath,
  outcome,
  read,
  roomPath,
  type RoomRecord,
  see,
  send,
} from './chat.fixture.js';
import type { Person } from './support/people.js';
import type { SocketClient } from './support/socket-client.js';

// Real: the whole server over HTTP, its database, its event log, and the stock Socket.IO client.
describe('rooms that do not show their history', () => {
  let world: ChatWorld;
  let ann: Person;
  let bob: Person;

  beforeAll(async () => {
    world = await ChatWorld.open();
    [ann, bob] = [await world.member('Ann'), await world.member('Bob')];
  });
  afterEach(() => world.closeSockets());
  afterAll(() => world.close());

  const add = (room: RoomRecord, { id }: Person): Promise<unknown> =>
    made(ann.http.post(`${roomPath(room)}/participants`, { member_ids: [id] }));

  async function replay(person: Person, room: RoomRecord): Promise<SocketClient> {
    const { websockets } = await read(person, room, '?websockets=1');
    const client = await world.connect(person);
    await client.join(websockets![0]!.room, websockets![0]!.token, { last_id: 0 });
    return client;
  }

  const heard = (client: SocketClient): unknown[] =>
    client
      .resources()
      .filter(({ type }) => type === 'message')
      .map(({ action, resource }) => `${action} ${resource.body ?? resource.id}`);

  it('newcomers see only what is sent after they joined, wherever they look', async () => {
    const room = await world.group(ann, [bob], { show_history: false });
    const old = await send(ann, room, 'Old');
    const recalled = await send(ann, room, 'Recalled');
    await made(ann.http.delete(messagePath(room, recalled)));
    const dan = await world.member('Dan');
    await add(room, dan);
    await made(ann.http.patch(roomPath(room), { pinned_message_id: old.id }));
    expect(await see(dan, room)).toMatchObject({ unread_messages_count: 0, last_message: null, pinned_message: null });
    expect(await see(bob, room)).toMatchObject({ unread_messages_count: 1, pinned_message: { body: 'Old' } });
    for (const asked of [dan.http.get(messagePath(room, old)), dan.http.delete(messagePath(room, old))]) {
      expect(await outcome(asked)).toEqual([404, 'message.not_found']);
    }
    expect(await outcome(dan.http.post(messagesPath(room), { body: 'x', parent_message_id: old.id }))).toEqual([
      400,
      'message.parent_unknown',
    ]);

    const fresh = await send(ann, room, 'New');
    const page = await read(dan, room);
    expect([bodies(page), page.has_previous_page]).toEqual([['New'], false]);
    expect(await see(dan, room)).toMatchObject({ unread_messages_count: 1, first_unread_message_id: fresh.id });

    // Neither in a replay nor live, not even when the old message changes.
    const client = await replay(dan, room);
    await made(ann.http.patch(messagePath(room, old), { body: 'Old, edited' }));
    await send(ann, room, 'Reply', { parent_message_id: old.id });
    await client.next('realtime:resource', ({ resource }) => (resource as { body?: string }).body === 'Reply');
    expect(heard(client)).toEqual(['created New', 'created Reply']);
    expect(JSON.stringify(client.frames)).not.toMatch(/Old|Recalled/);
  });

  it('a room may close its history and open it again while people listen', async () => {
    const room = await world.group(ann, [bob]);
    const old = await send(ann, room, 'Old');
    const dan = await world.member('Dan');
    await add(room, dan);
    expect(bodies(await read(dan, room))).toEqual(['Old']);
    const client = await replay(dan, room);
    await made(ann.http.patch(roomPath(room), { show_history: false }));
    expect(bodies(await read(dan, room))).toEqual([]);
    await made(ann.http.patch(messagePath(room, old), { body: 'Closed' }));
    await made(ann.http.patch(roomPath(room), { show_history: true }));
    await made(ann.http.patch(messagePath(room, old), { body: 'Open' }));
    await client.next('realtime:resource', ({ resource }) => (resource as { body?: string }).body === 'Open');
    expect(heard(client)).toEqual(['created Old', 'updated Open']);
  });

  it('who comes back sees only what is sent after they came back', async () => {
    const room = await world.group(ann, [bob], { show_history: false });
    await send(bob, room, 'Mine');
    await made(bob.http.delete(`${roomPath(room)}/participants/${bob.id}`));
    await send(ann, room, 'Meanwhile');
    await add(room, bob);
    await send(ann, room, 'Again');
    expect(bodies(await read(bob, room))).toEqual(['Again']);
  });

  it('joining in the middle of a storm, one sees exactly what is told after one has joined', async () => {
    const room = await world.group(ann, [bob], { show_history: false });
    const newcomers = await world.members(3);
    const writers = [ann, bob].flatMap((person) => [person, person, person]);
    let over = false;
    const storm = writers.map(async (person) => {
      while (!over) await send(person, room, 'x');
    });
    for (const newcomer of newcomers) await add(room, newcomer);
    over = true;
    await Promise.all(storm);

    const events = await world.roomEvents(room);
    for (const newcomer of newcomers) {
      const joined = events.findIndex(
        ({ type, resource }) => type === 'participant' && resource!.community_member_id === newcomer.id,
      );
      const told = events.slice(joined).filter(({ type }) => type === 'message');
      const { records } = await read(newcomer, room, '?after=0&limit=100');
      const expected = told.map(({ resource }) => resource!.id as number).sort((one, other) => one - other);
      expect(records.map(({ id }) => id)).toEqual(expected.slice(0, 100));
    }
  });
});
