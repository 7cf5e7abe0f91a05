import { randomUUID } from 'node:crypto';
import { ChatWorld, made, messagePath, outcome, roomPath, type RoomRecord, see, send } from './chat.fixture.js';
import { mentioning } from './notifications.fixture.js';
import { addTo, inboxOf, removeFrom, ticket } from './support/chat.js';
import type { Person } from './support/people.js';

interface Mark {
  last_read_message_id: number | null;
  last_read_at: string | null;
}

// Real: the whole server over HTTP, its database and its event log.
describe('reading rooms', () => {
  let world: ChatWorld;
  let ann: Person;
  let bob: Person;
  let room: RoomRecord;

  beforeAll(async () => {
    world = await ChatWorld.open();
  });
  beforeEach(async () => {
    [ann, bob] = [await world.member('Ann'), await world.member('Bob')];
    room = await world.group(ann, [bob]);
  });
  afterEach(() => world.closeSockets());
  afterAll(() => world.close());

  const mark = (person: Person, where: { uuid: string } = room): Promise<Mark> =>
    made(person.http.post(`${roomPath(where)}/mark_all_as_read`));
  const unread = async (person: Person): Promise<string[]> =>
    (await made<{ chat_rooms: string[] }>(person.http.get('/api/chat-rooms/unread'))).chat_rooms;
  const unreadThreads = async (person: Person): Promise<number[]> =>
    (await made<{ chat_thread_ids: number[] }>(person.http.get('/api/chat-threads/unread'))).chat_thread_ids;

  it('a room is read up to its newest message, and only its reader hears of it', async () => {
    await send(ann, room, 'One');
    const two = await send(ann, room, 'Two');
    expect(await unread(bob)).toEqual([room.uuid]);
    const before = [await world.ownEvents(ann), await world.roomEvents(room)];
    const since = (await world.ownEvents(bob)).length;
    const read = await mark(bob);
    expect(read).toEqual({
      chat_room_id: room.id,
      chat_room_uuid: room.uuid,
      last_read_message_id: two.id,
      last_read_at: expect.any(String),
      unread_messages_count: 0,
    });
    const path = `/chat-rooms/${room.uuid}`;
    expect(await world.tidings(bob, since)).toEqual([{ action: 'read', type: 'chat_room', path, resource: read }]);
    expect([await world.ownEvents(ann), await world.roomEvents(room)]).toEqual(before);
    expect(await unread(bob)).toEqual([]);
    expect(await see(bob, room)).toMatchObject({
      unread_messages_count: 0,
      first_unread_message_id: null,
      current_participant: { last_read_message_id: two.id, last_read_at: read.last_read_at },
    });
  });

  it('is told also when nothing was unread, and nothing to read is no mark', async () => {
    const nothing = { last_read_message_id: null, last_read_at: null };
    for (const _time of [1, 2]) expect(await mark(bob)).toMatchObject(nothing);
    await send(ann, room, 'One');
    const [first, again] = [await mark(bob), await mark(bob)];
    expect(again).toEqual(first);
    const told = (await world.ownEvents(bob)).filter(({ action }) => action === 'read');
    expect(told.map(({ resource }) => resource)).toMatchObject([nothing, nothing, first, first]);
  });

  it('a mark never moves back: not by a deleted message, not by what one wrote, not by two devices at once', async () => {
    await send(ann, room, 'One');
    const last = await send(ann, room, 'Two');
    await mark(bob);
    await made(ann.http.delete(messagePath(room, last)));
    expect(await mark(bob)).toMatchObject({ last_read_message_id: last.id });
    const own = await send(bob, room, 'Three');
    expect(await mark(bob)).toMatchObject({ last_read_message_id: own.id });
    expect(await unread(bob)).toEqual([]);

    const sending = Array.from({ length: 12 }, (_, turn) => send(ann, room, `${turn}`));
    const marks = await Promise.all([...sending, ...Array.from({ length: 12 }, () => mark(bob))]).then((all) =>
      all.slice(12),
    );
    expect(marks).toHaveLength(12);
    const told = (await world.ownEvents(bob)).filter(({ action }) => action === 'read');
    const positions = told.map(({ resource }) => Number(resource!.last_read_message_id));
    expect(positions).toEqual([...positions].sort((one, other) => one - other));
    await mark(bob);
    expect(await see(bob, room)).toMatchObject({ unread_messages_count: 0 });
  });

  it('unread are rooms with living root messages of others that one may see, muted and archived ones too', async () => {
    const quiet = await world.group(ann, [bob]);
    const [muted, archived, replied, deleted, own] = await Promise.all(
      [1, 2, 3, 4, 5].map(() => world.group(ann, [bob])),
    );
    const hidden = await world.group(ann, [], { show_history: false });
    const gone = await world.group(ann, [bob]);
    const embedded = await world.group(world.boss, [bob], { parent_type: 'Lesson', parent_id: 4711 });
    await made(bob.http.patch(`${roomPath(muted!)}/participants/${bob.id}`, { muted: true }));
    await made(bob.http.patch(`${roomPath(archived!)}/participants/${bob.id}`, { archived: true }));
    for (const each of [room, muted!, archived!, gone, hidden]) await send(ann, each, 'Hello');
    await send(world.boss, embedded, 'Homework');
    await addTo(ann, hidden, bob);
    await removeFrom(ann, gone, bob);
    const root = await send(bob, replied!, 'Mine');
    await send(ann, replied!, 'A reply', { parent_message_id: root.id });
    await made(ann.http.delete(messagePath(deleted!, await send(ann, deleted!, 'Oh'))));
    await send(ann, own!, 'Yours');
    await send(bob, own!, 'Mine');
    const found = await unread(bob);
    expect([...found].sort()).toEqual([room, muted!, archived!, embedded].map(({ uuid }) => uuid).sort());
    expect(found).not.toContain(quiet.uuid);
    for (const each of [room, muted!, archived!, embedded]) await mark(bob, each);
    expect(await unread(bob)).toEqual([]);
  });

  it('reads the unread threads of that room along, one event for each, and of no other room', async () => {
    const other = await world.group(ann, [bob]);
    const roots = [await send(bob, room, 'a'), await send(bob, room, 'b'), await send(bob, room, 'c')];
    const elsewhere = await send(bob, other, 'd');
    const replies = [];
    for (const root of roots.slice(0, 2)) replies.push(await send(ann, room, 're', { parent_message_id: root.id }));
    await send(ann, other, 're', { parent_message_id: elsewhere.id });
    // In the third one Bob has had the last word, so nothing is unread.
    await send(ann, room, 're', { parent_message_id: roots[2]!.id });
    await send(bob, room, 'quite', { parent_message_id: roots[2]!.id });
    expect(await unreadThreads(bob)).toHaveLength(3);
    const since = (await world.ownEvents(bob)).length;
    await mark(bob);
    const told = await world.tidings(bob, since);
    expect(told.map(({ action, type }) => `${action} ${type}`)).toEqual([
      'read chat_room',
      'read chat_thread',
      'read chat_thread',
    ]);
    expect(told.slice(1)).toEqual(
      replies.map(({ id, chat_thread_id, parent_message_id }) => ({
        action: 'read',
        type: 'chat_thread',
        path: `/chat-threads/${chat_thread_id}`,
        resource: {
          chat_thread_id,
          chat_room_uuid: room.uuid,
          parent_message_id,
          last_read_reply_id: id,
          last_read_at: expect.any(String),
        },
      })),
    );
    expect(await unreadThreads(bob)).toHaveLength(1);
  });

  it('the other devices of the reader hear of what is read and pinned, and those of others do not', async () => {
    const listen = async (person: Person) => {
      const client = await world.connect(person);
      await client.join(inboxOf(person), await ticket(person, inboxOf(person)));
      return client;
    };
    const root = await send(bob, room, 'Root');
    await send(ann, room, 're', { parent_message_id: root.id });
    const [own, foreign] = [await listen(bob), await listen(ann)];
    await mark(bob);
    await made(bob.http.post(`${roomPath(room)}/pin`));
    await made(bob.http.delete(`${roomPath(room)}/pin`));
    for (const person of [ann, bob]) await made(person.http.patch('/api/me', { headline: 'That is all' }));
    const isLast = ({ type }: Record<string, unknown>): boolean => type === 'member';
    for (const client of [own, foreign]) await client.next('realtime:resource', isLast);
    expect(own.resources().map(({ action, type }) => `${action} ${type}`)).toEqual([
      'read chat_room',
      'read chat_thread',
      'pinned chat_room',
      'updated chat_room',
      'unpinned chat_room',
      'updated member',
    ]);
    expect(foreign.resources().map(({ action, type }) => `${action} ${type}`)).toEqual(['updated member']);
  });

  it('two devices at once read each thread once', async () => {
    const root = await send(ann, room, '', { rich_text_body: mentioning(bob) });
    await send(ann, room, 're', { parent_message_id: root.id });
    await Promise.all([1, 2, 3, 4].map(() => mark(bob)));
    const told = (await world.ownEvents(bob)).filter(({ action }) => action === 'read').map(({ type }) => type);
    expect(told.sort()).toEqual(['chat_room', 'chat_room', 'chat_room', 'chat_room', 'chat_thread']);
  });

  it('strangers and programs read nothing', async () => {
    await send(ann, room, 'Hello');
    const cy = await world.member('Cy');
    for (const where of [room, { uuid: randomUUID() }, { uuid: 'unread' }, { uuid: '..%2f' }]) {
      expect(await outcome(cy.http.post(`${roomPath(where)}/mark_all_as_read`))).toEqual([404, 'chat_room.not_found']);
    }
    expect(await unread(cy)).toEqual([]);
    const { body: key } = await world.boss.http.post<{ api_key: string }>('/api/api-keys', {});
    const program = world.server.http.with({ 'x-api-key': key.api_key });
    expect(await outcome(program.get('/api/chat-rooms/unread'))).toEqual([403, 'chat_room.members_only']);
    expect(await outcome(program.post(`${roomPath(room)}/mark_all_as_read`))).toEqual([404, 'chat_room.not_found']);
    for (const request of [
      world.server.http.get('/api/chat-rooms/unread'),
      world.server.http.post(`${roomPath(room)}/mark_all_as_read`),
    ]) {
      expect((await request).status).toBe(401);
    }
  });
});
