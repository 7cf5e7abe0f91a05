import {
  ChatWorld,
  made,
  messagePath,
  type MessageRecord,
  outcome,
  roomPath,
  type RoomRecord,
  see,
  send,
} from './chat.fixture.js';
import { mentioning } from './notifications.fixture.js';
import { addTo, removeFrom } from './support/chat.js';
import type { Person } from './support/people.js';

interface ThreadRecord {
  id: number;
  parent_message: MessageRecord;
  replies: MessageRecord[];
  unread_replies_count: number;
  last_reply_at: string | null;
  chat_room: Record<string, unknown>;
  current_participant: Record<string, unknown>;
}

interface ThreadPage {
  records: ThreadRecord[];
  has_next_page: boolean;
  next_cursor: string | null;
}

const THREADS = '/api/chat-threads';

// Real: the whole server over HTTP, its database and its event log.
describe('threads', () => {
  let world: ChatWorld;
  let ann: Person;
  let bob: Person;
  let cy: Person;
  let dan: Person;
  let room: RoomRecord;
  let root: MessageRecord;

  beforeAll(async () => {
    world = await ChatWorld.open();
  });
  beforeEach(async () => {
    [ann, bob, cy, dan] = (await world.members(4)) as [Person, Person, Person, Person];
    room = await world.group(ann, [bob, cy, dan], { name: 'Crew' });
    root = await send(ann, room, 'Root');
  });
  afterAll(() => world.close());

  const reply = (person: Person, body = 'Reply', more: object = {}): Promise<MessageRecord> =>
    send(person, room, body, { parent_message_id: root.id, ...more });
  const list = (person: Person, query = ''): Promise<ThreadPage> => made(person.http.get(`${THREADS}${query}`));
  const threadsOf = async (person: Person): Promise<number[]> => (await list(person)).records.map(({ id }) => id);
  const unread = async (person: Person): Promise<number[]> =>
    (await made<{ chat_thread_ids: number[] }>(person.http.get(`${THREADS}/unread`))).chat_thread_ids;
  const get = (person: Person, id: number): Promise<ThreadRecord> => made(person.http.get(`${THREADS}/${id}`));
  const mark = (person: Person, id: number) => person.http.post(`${THREADS}/${id}/mark_as_read`);
  const read = async ({ id }: Person) =>
    (await world.events(`members/${id}`)).filter(({ action }) => action === 'read');

  it('belong to who began them, who replied and who is mentioned, and to nobody else', async () => {
    const { chat_thread_id: id } = await reply(bob);
    await reply(bob, '', { rich_text_body: mentioning(cy) });
    for (const person of [ann, bob, cy]) expect(await threadsOf(person)).toEqual([id]);
    expect(await threadsOf(dan)).toEqual([]);
    expect([await unread(ann), await unread(bob), await unread(cy), await unread(dan)]).toEqual([[id], [], [id], []]);
  });

  it('who has nothing left in one is out of it', async () => {
    const said = await reply(bob);
    const mention = await reply(dan, '', { rich_text_body: mentioning(cy) });
    const { chat_thread_id: id } = await reply(ann);
    expect([await unread(bob), await unread(cy)]).toEqual([[id], [id]]);
    await made(bob.http.delete(messagePath(room, said)));
    await made(dan.http.patch(messagePath(room, mention), { rich_text_body: mentioning(ann) }));
    for (const person of [bob, cy]) expect([await threadsOf(person), await unread(person)]).toEqual([[], []]);
    expect(await unread(dan)).toEqual([id]);
  });

  it('are shown with their root, their last three replies, their room and who is looking', async () => {
    for (const body of ['1', '2', '3', '4']) await reply(bob, body);
    const last = await reply(cy, '5');
    const thread = await get(ann, last.chat_thread_id!);
    expect((await list(ann)).records).toEqual([thread]);
    expect(thread).toMatchObject({
      id: last.chat_thread_id,
      parent_message: { id: root.id, body: 'Root', replies_count: 5 },
      unread_replies_count: 5,
      last_reply_at: last.sent_at,
      current_participant: { community_member_id: ann.id, admin: true, last_read_message_id: root.id },
    });
    expect(thread.replies.map(({ body }) => body)).toEqual(['3', '4', '5']);
    expect(thread.chat_room).toEqual({
      uuid: room.uuid,
      kind: 'group_chat',
      name: 'Crew',
      is_embedded: false,
      parent_type: null,
      parent_id: null,
      lesson_id: null,
    });
    expect(thread.current_participant).toEqual((await see(ann, room)).current_participant);
    // Who takes no part reads along, and owes nothing.
    expect(await get(dan, thread.id)).toMatchObject({ unread_replies_count: 0, current_participant: { admin: false } });
  });

  it('who replies has read the others, and only what comes later is unread', async () => {
    const { chat_thread_id: id } = await reply(bob);
    await reply(cy);
    expect(await unread(bob)).toEqual([id]);
    const before = await read(bob);
    await reply(bob);
    expect(await unread(bob)).toEqual([]);
    expect(await read(bob)).toEqual(before);
    await reply(cy);
    await reply(bob, 'Mine is not unread to me');
    await reply(cy);
    expect((await get(bob, id!)).unread_replies_count).toBe(1);
  });

  it('one is marked as read for its reader alone, however often', async () => {
    const last = await reply(bob);
    const id = last.chat_thread_id!;
    const before = (await world.roomEvents(room)).length;
    const { status, body } = await mark(ann, id);
    expect([status, body]).toEqual([
      200,
      {
        chat_thread_id: id,
        chat_room_uuid: room.uuid,
        parent_message_id: root.id,
        last_read_reply_id: last.id,
        last_read_at: expect.any(String),
      },
    ]);
    expect((await mark(ann, id)).body).toEqual(body);
    const event = { type: 'chat_thread', path: `/chat-threads/${id}`, resource: body };
    expect(await read(ann)).toMatchObject([event, event]);
    expect([await read(bob), (await world.roomEvents(room)).length]).toEqual([[], before]);
    expect([await unread(ann), (await get(ann, id)).unread_replies_count]).toEqual([[], 0]);
    // The room itself stays as it was.
    expect((await see(dan, room)).unread_messages_count).toBe(1);
    await made(bob.http.delete(messagePath(room, last)));
    expect((await mark(ann, id)).body).toEqual(body);
  });

  it('all are marked at once, with an event for each that had something unread', async () => {
    const other = await world.group(bob, [ann]);
    const elsewhere = await send(ann, other, 'Root');
    const first = (await reply(bob)).chat_thread_id;
    const { chat_thread_id: second } = await send(bob, other, 're', { parent_message_id: elsewhere.id });
    const calm = await send(bob, room, 'Root');
    await send(ann, room, 're', { parent_message_id: calm.id });
    const all = () => made<{ chat_thread_ids: number[] }>(ann.http.post(`${THREADS}/mark_all_as_read`));
    const answers = await Promise.all([all(), all(), all()]);
    expect(answers.flatMap(({ chat_thread_ids }) => chat_thread_ids)).toEqual([first, second]);
    expect((await read(ann)).map(({ path }) => path)).toEqual([`/chat-threads/${first}`, `/chat-threads/${second}`]);
    expect([await unread(ann), await all()]).toEqual([[], { chat_thread_ids: [] }]);
  });

  it('the one with the latest reply comes first, page by page', async () => {
    const roots = [root, await send(ann, room, 'b'), await send(ann, room, 'c'), await send(ann, room, 'd')];
    const ids: (number | null)[] = [];
    for (const { id: parent_message_id } of roots) {
      ids.push((await send(bob, room, 're', { parent_message_id })).chat_thread_id);
    }
    await reply(cy, 'Once more');
    const found: number[] = [];
    let cursor: string | null = '';
    while (cursor !== null) {
      const page: ThreadPage = await list(ann, `?limit=1${cursor && `&cursor=${cursor}`}`);
      expect(page.has_next_page).toBe(page.next_cursor !== null);
      found.push(...page.records.map(({ id }) => id));
      cursor = page.next_cursor;
    }
    expect(found).toEqual([ids[0], ids[3], ids[2], ids[1]]);
  });

  it('end with their root, and are over when no reply is left', async () => {
    const only = await reply(bob);
    const id = only.chat_thread_id!;
    await made(bob.http.delete(messagePath(room, only)));
    expect([await threadsOf(ann), await unread(ann)]).toEqual([[], []]);
    expect(await get(ann, id)).toMatchObject({ replies: [], last_reply_at: null, unread_replies_count: 0 });
    await reply(bob);
    expect(await threadsOf(ann)).toEqual([id]);
    await made(ann.http.delete(messagePath(room, root)));
    for (const person of [ann, bob]) {
      expect([await threadsOf(person), await unread(person)]).toEqual([[], []]);
      expect(await outcome(person.http.get(`${THREADS}/${id}`))).toEqual([404, 'chat_thread.not_found']);
      expect(await outcome(mark(person, id))).toEqual([404, 'chat_thread.not_found']);
    }
  });

  it('who leaves the room is out of its threads, and finds them again on coming back', async () => {
    const { chat_thread_id: id } = await reply(bob);
    await reply(cy);
    await removeFrom(ann, room, bob);
    expect([await threadsOf(bob), await unread(bob)]).toEqual([[], []]);
    expect(await outcome(mark(bob, id!))).toEqual([404, 'chat_thread.not_found']);
    expect(await made(bob.http.post(`${THREADS}/mark_all_as_read`))).toEqual({ chat_thread_ids: [] });
    await addTo(ann, room, bob);
    expect([await threadsOf(bob), await unread(bob)]).toEqual([[id], [id]]);
    await made(ann.http.delete(roomPath(room)));
    expect([await threadsOf(ann), await unread(ann)]).toEqual([[], []]);
  });

  it('that began before one came stay hidden where the history is', async () => {
    room = await world.group(ann, [bob], { show_history: false });
    root = await send(ann, room, 'Root');
    const { chat_thread_id: id } = await reply(bob);
    await addTo(ann, room, cy);
    await reply(bob, '', { rich_text_body: mentioning(cy) });
    expect([await threadsOf(cy), await unread(cy)]).toEqual([[], []]);
    expect(await outcome(cy.http.get(`${THREADS}/${id}`))).toEqual([404, 'chat_thread.not_found']);
    expect(await outcome(mark(cy, id!))).toEqual([404, 'chat_thread.not_found']);
    expect(await threadsOf(ann)).toEqual([id]);
  });

  it('strangers learn nothing, whatever they ask for', async () => {
    const { chat_thread_id: id } = await reply(bob);
    const eve = await world.member('Eve');
    for (const person of [eve, world.boss]) {
      for (const each of [id!, 999_999_999]) {
        expect(await outcome(person.http.get(`${THREADS}/${each}`))).toEqual([404, 'chat_thread.not_found']);
        expect(await outcome(mark(person, each))).toEqual([404, 'chat_thread.not_found']);
      }
    }
    for (const each of ['0', 'x', '1e3', '9007199254740993', '-1']) {
      expect(await outcome(ann.http.get(`${THREADS}/${each}`))).toEqual([400, 'request.invalid']);
      expect(await outcome(ann.http.post(`${THREADS}/${each}/mark_as_read`))).toEqual([400, 'request.invalid']);
    }
    const encoded = (text: string): string => Buffer.from(text).toString('base64url');
    for (const query of [
      '?limit=0',
      '?limit=101',
      '?cursor=',
      `?cursor=${encoded('x')}`,
      `?cursor=${encoded('-1')}`,
      '?x=1',
    ]) {
      expect(await outcome(ann.http.get(`${THREADS}${query}`))).toEqual([400, 'request.invalid']);
    }
    expect((await world.server.http.get(THREADS)).status).toBe(401);
    const { body: key } = await world.boss.http.post<{ api_key: string }>('/api/api-keys', {});
    const program = world.server.http.with({ 'x-api-key': key.api_key });
    expect(await outcome(program.get(THREADS))).toEqual([403, 'chat_room.members_only']);
    expect(await outcome(program.get(`${THREADS}/${id}`))).toEqual([404, 'chat_thread.not_found']);
    expect(await outcome(program.post(`${THREADS}/mark_all_as_read`))).toEqual([403, 'chat_room.members_only']);
  });
});
