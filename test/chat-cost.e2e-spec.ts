import { type BeforeQueryEvent, DataSource } from 'typeorm';
import { Message } from '../src/modules/messages/index.js';
import { ChatWorld, made, messagePath, roomPath, type RoomRecord, send } from './chat.fixture.js';
import type { Person } from './support/people.js';

interface Statement {
  query: string;
  parameters: unknown[];
}

interface PlanNode {
  'Relation Name'?: string;
  'Actual Rows': number;
  'Actual Loops': number;
  'Rows Removed by Filter'?: number;
  Plans?: PlanNode[];
}

/** Each time that a scan of a table gives a row, or looks at one that it does not give. */
function rowsScanned(node: PlanNode): number {
  const each = node['Actual Rows'] + (node['Rows Removed by Filter'] ?? 0);
  const own = node['Relation Name'] === undefined ? 0 : each * node['Actual Loops'];
  return (node.Plans ?? []).reduce((sum, inner) => sum + rowsScanned(inner), own);
}

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

  /** The statements about chats that the database gets for one request; who is asking may be remembered or not. */
  async function asked(request: () => Promise<unknown>): Promise<Statement[]> {
    const { subscribers } = world.server.app.get(DataSource);
    const found: Statement[] = [];
    const observer = {
      beforeQuery: ({ query, parameters = [] }: BeforeQueryEvent) => {
        if (/chat_/.test(query)) found.push({ query, parameters: parameters as unknown[] });
      },
    };
    subscribers.push(observer);
    try {
      await request();
    } finally {
      subscribers.splice(subscribers.indexOf(observer), 1);
    }
    return found;
  }

  const statements = async (request: () => Promise<unknown>): Promise<number> => (await asked(request)).length;

  /** How many rows the database looks at for one request that only reads. */
  async function rowsRead(request: () => Promise<unknown>): Promise<number> {
    let count = 0;
    for (const { query, parameters } of await asked(request)) {
      const [plan] = await world.sql<{ 'QUERY PLAN': [{ Plan: PlanNode }] }>(
        `EXPLAIN (ANALYZE, FORMAT JSON) ${query}`,
        parameters,
      );
      count += rowsScanned(plan!['QUERY PLAN'][0].Plan);
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

  it('a page of one’s threads takes as much reading however many there are', async () => {
    const [reader, writer] = [await world.member(), await world.member()];
    const room = await world.group(reader, [writer]);
    await send(reader, room, 'Hello');
    await send(writer, room, 'Hello');
    /** Roots of the reader, each with two replies of the writer. */
    const fill = async (count: number): Promise<void> => {
      const threads = `
        WITH people AS (
          SELECT min(id) AS reader_id, max(id) AS writer_id FROM chat_room_participants WHERE chat_room_id = $1
        ), roots AS (
          INSERT INTO chat_room_messages (chat_room_id, chat_room_participant_id, creation_uuid, body, rich_text_body, sent_at)
          SELECT $1, reader_id, gen_random_uuid(), 'Root', '{}', now() FROM people, generate_series(1, $2) RETURNING id
        ), threads AS (
          INSERT INTO chat_threads (chat_room_id, parent_message_id) SELECT $1, id FROM roots RETURNING id, parent_message_id
        )
        INSERT INTO chat_room_messages (chat_room_id, chat_room_participant_id, creation_uuid, body, rich_text_body, sent_at,
                                        parent_message_id, chat_thread_id)
        SELECT $1, writer_id, gen_random_uuid(), 'Reply', '{}', now(), parent_message_id, id
        FROM people, threads, generate_series(1, 2)`;
      await world.behind([Message], (manager) => manager.query(threads, [room.id, count]));
      await world.sql('SELECT refresh_chat_threads(ARRAY (SELECT parent_message_id FROM chat_threads))');
      await world.sql('ANALYZE');
    };
    const costs = async (): Promise<number[]> => {
      const first = await made<{ next_cursor: string }>(reader.http.get('/api/chat-threads?limit=20'));
      const page = (query: string) => rowsRead(() => made(reader.http.get(`/api/chat-threads?limit=20${query}`)));
      return [await page(''), await page(`&cursor=${first.next_cursor}`)];
    };
    await fill(500);
    const few = await costs();
    const added = 1500;
    await fill(added);
    const many = await costs();
    // Which way the database takes to so few rows is its own choice; a look at each thread would be more than that.
    many.forEach((cost, index) => expect(cost).toBeLessThan(few[index]! + added));
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
