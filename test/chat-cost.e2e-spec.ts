import { DataSource } from 'typeorm';
import { ChatWorld, made, messagePath, roomPath, type RoomRecord, send } from './chat.fixture.js';
import type { Person } from './support/people.js';

// Real: the whole server over HTTP, its database and its event log.
describe('what chat rooms cost', () => {
  let world: ChatWorld;
  let ann: Person;
  let bob: Person;

  beforeAll(async () => {
    world = await ChatWorld.open();
    [ann, bob] = [await world.member('Ann'), await world.member('Bob')];
  });
  afterAll(() => world.close());

  /** How many statements about chats the database gets for one request; who is asking may be remembered or not. */
  async function statements(request: () => Promise<unknown>): Promise<number> {
    const { subscribers } = world.server.app.get(DataSource);
    let count = 0;
    const counter = { beforeQuery: ({ query }: { query: string }) => void (count += /chat_/.test(query) ? 1 : 0) };
    subscribers.push(counter);
    try {
      await request();
    } finally {
      subscribers.splice(subscribers.indexOf(counter), 1);
    }
    return count;
  }

  const rows = async (): Promise<Record<string, number>> => {
    const tables = ['chat_room_messages', 'events', 'chat_room_read_marks', 'chat_thread_read_marks', 'notifications'];
    const counts = await Promise.all(
      tables.map((table) => world.sql<{ count: string }>(`SELECT count(*) FROM ${table}`)),
    );
    return Object.fromEntries(tables.map((table, index) => [table, Number(counts[index]![0]!.count)]));
  };

  it('lists take as many statements for many as for few', async () => {
    const lists = [
      'chat-rooms?limit=100&archived=all&websockets=0',
      'chat-rooms/unread',
      'chat-threads?limit=100',
      'chat-threads/unread',
    ];
    const fill = async (): Promise<RoomRecord> => {
      const room = await world.group(ann, [bob]);
      const root = await send(ann, room, 'Root');
      await send(bob, room, 'Reply', { parent_message_id: root.id });
      await made(bob.http.post(`${messagePath(room, root)}/reactions`, { emoji: 'wave' }));
      await made(ann.http.post(`${roomPath(room)}/pin`));
      return room;
    };
    const costs = async (): Promise<number[]> => {
      const found: number[] = [];
      for (const list of lists) found.push(await statements(() => made(ann.http.get(`/api/${list}`))));
      return found;
    };
    const room = await fill();
    await costs();
    const few = await costs();
    expect(Math.min(...few)).toBeGreaterThan(0);
    for (let count = 0; count < 5; count += 1) await fill();
    expect(await costs()).toEqual(few);

    const page = () => statements(() => made(ann.http.get(`${roomPath(room)}/messages`)));
    const [before] = [await page(), await page()];
    for (const body of ['a', 'b', 'c']) {
      const message = await send(bob, room, body);
      await made(ann.http.post(`${messagePath(room, message)}/reactions`, { emoji: 'wave' }));
    }
    expect(await page()).toBe(before);
    const read = () => statements(() => made(ann.http.post('/api/chat-threads/mark_all_as_read')));
    const [many, none] = [await read(), await read()];
    expect(many - none).toBeLessThanOrEqual(1);
  });

  it('a message in a room of 10 000 is one row and one event, whatever they have archived or pinned', async () => {
    const room = await world.group(ann, [bob]);
    await world.crowd(room, 10_000);
    for (const person of [ann, bob]) {
      await made(person.http.patch(`${roomPath(room)}/participants/${person.id}`, { archived: true }));
      await made(person.http.post(`${roomPath(room)}/pin`));
    }
    for (const _time of [1, 2]) {
      const before = await rows();
      await send(ann, room, 'Hello, everybody');
      const { chat_room_messages, events, ...others } = before;
      expect(await rows()).toEqual({ ...others, chat_room_messages: chat_room_messages! + 1, events: events! + 1 });
    }
    const before = await rows();
    await made(bob.http.post(`${roomPath(room)}/mark_all_as_read`));
    expect(await rows()).toEqual({
      ...before,
      events: before.events! + 1,
      chat_room_read_marks: before.chat_room_read_marks! + 1,
    });
  });
});
