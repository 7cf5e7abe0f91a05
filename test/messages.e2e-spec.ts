import { randomUUID } from 'node:crypto';
import {
  bodies,
  ChatWorld,
  made,
  messagePath,
  type MessageRecord,
  messagesPath,
  outcome,
  read,
  type RoomRecord,
  send,
  story,
} from './chat.fixture.js';
import type { Person } from './support/people.js';

const KEYS = [
  ...['id', 'chat_room_uuid', 'chat_room_kind', 'chat_room_participant_id', 'body', 'rich_text_body', 'sent_at'],
  ...['created_at', 'sender', 'creation_uuid', 'chat_thread_id', 'parent_message_id', 'lesson_id', 'edited_at'],
  ...['replies_count', 'total_thread_participants_count', 'thread_participants_preview', 'chat_thread_replies_count'],
];

// Real: the whole server over HTTP, its database and its event log.
describe('messages', () => {
  let world: ChatWorld;
  let ann: Person;
  let bob: Person;
  let cy: Person;
  let room: RoomRecord;

  beforeAll(async () => {
    world = await ChatWorld.open();
    [ann, bob, cy] = [await world.member('Ann'), await world.member('Bob'), await world.member('Cy')];
  });
  beforeEach(async () => {
    room = await world.group(ann, [bob, cy]);
  });
  afterAll(() => world.close());

  const messageEvents = async () => (await world.roomEvents(room)).filter(({ type }) => type === 'message');

  it('a message has the eighteen keys, and its one event carries the same', async () => {
    const creation_uuid = randomUUID().toUpperCase();
    const { status, body } = await bob.http.post<MessageRecord>(messagesPath(room), {
      body: 'Hi\nthere',
      creation_uuid,
    });
    expect(status).toBe(201);
    expect(Object.keys(body).sort()).toEqual([...KEYS].sort());
    expect(body).toMatchObject({
      id: expect.any(Number),
      chat_room_uuid: room.uuid,
      chat_room_kind: 'group_chat',
      chat_room_participant_id: expect.any(Number),
      body: 'Hi\nthere',
      rich_text_body: { body: { type: 'doc' }, format: 'chat', attachments: [] },
      sent_at: body.created_at,
      sender: {
        id: body.chat_room_participant_id,
        community_member_id: bob.id,
        name: 'Bob',
        avatar_url: null,
        user_public_uid: expect.any(String),
      },
      creation_uuid,
      chat_thread_id: null,
      parent_message_id: null,
      lesson_id: null,
      edited_at: null,
      replies_count: 0,
      total_thread_participants_count: 0,
      thread_participants_preview: [],
      chat_thread_replies_count: 0,
    });
    expect(body.sent_at).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[.]\d{3}Z$/);
    expect(await messageEvents()).toMatchObject([
      {
        action: 'created',
        type: 'message',
        path: `/chat-rooms/${room.uuid}/messages/${body.id}`,
        resource: body,
        author: { member: bob.id },
      },
    ]);
    expect(await made(ann.http.get(messagePath(room, body)))).toEqual({ ...body, reactions: [] });
  });

  it('a message shows its sender and its room as they are, however often they sent before', async () => {
    for (const body of ['one', 'two']) await send(bob, room, body);
    await made(bob.http.patch('/api/me', { name: 'Robert' }));
    const { id, sender } = await send(bob, room, 'three');
    expect(sender).toMatchObject({ name: 'Robert' });
    expect((await messageEvents()).at(-1)!.resource).toMatchObject({ id, sender: { name: 'Robert' } });
    await made(bob.http.patch('/api/me', { name: 'Bob' }));
  });

  it('ids have the order of the events, whoever sends at the same time', async () => {
    await Promise.all([ann, bob, cy].flatMap((one) => Array.from({ length: 10 }, (_, at) => send(one, room, `${at}`))));
    const ids = (await messageEvents()).map(({ resource }) => Number(resource!.id));
    expect(ids).toEqual([...ids].sort((one, other) => one - other));
    expect(ids).toHaveLength(30);
  });

  it('replies make a thread under the root, also replies to replies', async () => {
    const root = await send(ann, room, 'Root');
    const first = await send(bob, room, 'First', { parent_message_id: root.id });
    const second = await send(cy, room, 'Second', { parent_message_id: first.id });
    expect(second).toMatchObject({
      parent_message_id: root.id,
      chat_thread_id: first.chat_thread_id,
      replies_count: 0,
      chat_thread_replies_count: 2,
      total_thread_participants_count: 3,
    });
    expect(await made(ann.http.get(messagePath(room, root)))).toMatchObject({
      chat_thread_id: first.chat_thread_id,
      replies_count: 2,
      chat_thread_replies_count: 2,
      total_thread_participants_count: 3,
      thread_participants_preview: [{ name: 'Ann' }, { name: 'Bob' }, { name: 'Cy' }],
    });
    expect(story(await messageEvents())).toEqual(['created message', 'created message', 'created message']);
    expect(bodies(await read(ann, room, `?parent_message_id=${root.id}`))).toEqual(['First', 'Second']);
    await made(cy.http.delete(messagePath(room, second)));
    expect(await made(ann.http.get(messagePath(room, root)))).toMatchObject({
      replies_count: 1,
      total_thread_participants_count: 2,
    });
  });

  it('a thread shows at most five of its people', async () => {
    const others = await world.members(6);
    const big = await world.group(ann, others);
    const root = await send(ann, big, 'Root');
    for (const other of others) await send(other, big, 'Me too', { parent_message_id: root.id });
    const { records } = await read(ann, big, '?limit=1');
    expect(records[0]).toMatchObject({ total_thread_participants_count: 7, chat_thread_replies_count: 6 });
    expect(records[0]!.thread_participants_preview).toHaveLength(5);
  });

  it('a reply needs a living message of the same room', async () => {
    const elsewhere = await send(ann, await world.group(ann, []), 'Elsewhere');
    const gone = await send(ann, room, 'Gone');
    await made(ann.http.delete(messagePath(room, gone)));
    for (const { id } of [elsewhere, gone, { id: 999_999_999 }]) {
      expect(await outcome(bob.http.post(messagesPath(room), { body: 'x', parent_message_id: id }))).toEqual([
        400,
        'message.parent_unknown',
      ]);
    }
  });

  it('only the author edits, and an edit that changes nothing is none', async () => {
    const message = await send(ann, room, 'Frist');
    expect(await outcome(bob.http.patch(messagePath(room, message), { body: 'Mine' }))).toEqual([
      403,
      'message.forbidden',
    ]);
    const edited = await made<MessageRecord>(ann.http.patch(messagePath(room, message), { body: 'First' }));
    expect(edited).toMatchObject({ id: message.id, body: 'First', edited_at: expect.any(String) });
    for (const same of [{ body: 'First' }, { rich_text_body: edited.rich_text_body }]) {
      expect(await made(ann.http.patch(messagePath(room, message), same))).toEqual(edited);
    }
    const events = await messageEvents();
    expect(story(events)).toEqual(['created message', 'updated message']);
    expect(events[1]!.resource).toEqual(edited);
    expect(await outcome(ann.http.patch(messagePath(room, message), {}))).toEqual([400, 'message.empty']);
  });

  it('the author and those who administer the room delete a message, once', async () => {
    const [his, hers] = [await send(bob, room, 'His'), await send(ann, room, 'Hers')];
    expect(await outcome(bob.http.delete(messagePath(room, hers)))).toEqual([403, 'message.forbidden']);
    expect(await outcome(ann.http.delete(messagePath(room, his)))).toEqual([204, undefined]);
    expect(await outcome(ann.http.delete(messagePath(room, hers)))).toEqual([204, undefined]);
    for (const asked of [
      ann.http.delete(messagePath(room, his)),
      ann.http.get(messagePath(room, his)),
      bob.http.patch(messagePath(room, his), { body: 'x' }),
    ]) {
      expect(await outcome(asked)).toEqual([404, 'message.not_found']);
    }
    const deleted = (await messageEvents()).slice(2);
    const gone = {
      chat_room_uuid: room.uuid,
      parent_message_id: null,
      chat_thread_id: null,
      parent_deleted: false,
      parent_message: null,
    };
    expect(deleted.map(({ action, resource }) => [action, resource])).toEqual([
      ['deleted', { ...gone, id: his.id }],
      ['deleted', { ...gone, id: hers.id }],
    ]);
  });

  it('in a direct room nobody deletes what the other wrote', async () => {
    const direct = await world.direct(ann, bob);
    const message = await send(bob, direct, 'Mine');
    expect(await outcome(ann.http.delete(messagePath(direct, message)))).toEqual([403, 'message.forbidden']);
  });

  it('a root takes its replies with it, one event for each', async () => {
    const root = await send(ann, room, 'Root');
    const replies = [
      await send(bob, room, 'One', { parent_message_id: root.id }),
      await send(cy, room, 'Two', { parent_message_id: root.id }),
    ];
    await made(ann.http.delete(messagePath(room, root)));
    expect(bodies(await read(ann, room))).toEqual([]);
    expect(await outcome(bob.http.get(messagePath(room, replies[0]!)))).toEqual([404, 'message.not_found']);
    const deleted = (await messageEvents()).filter(({ action }) => action === 'deleted');
    expect(deleted.map(({ resource }) => [resource!.id, resource!.parent_message_id])).toEqual([
      [root.id, null],
      [replies[0]!.id, root.id],
      [replies[1]!.id, root.id],
    ]);
  });

  it('a list is oldest first and goes both ways', async () => {
    const sent: MessageRecord[] = [];
    for (const body of ['1', '2', '3', '4', '5']) sent.push(await send(ann, room, body));
    const page = async (query: string) => {
      const found = await read(bob, room, query);
      return [bodies(found).join(''), found.has_previous_page, found.has_next_page];
    };
    const [one, two, , four, five] = sent.map(({ id }) => id);
    expect(await page('')).toEqual(['12345', false, false]);
    expect(await page('?limit=2')).toEqual(['45', true, false]);
    expect(await page(`?limit=2&before=${four}`)).toEqual(['23', true, true]);
    expect(await page(`?limit=2&before=${two}`)).toEqual(['1', false, true]);
    expect(await page(`?limit=2&after=${two}`)).toEqual(['34', true, true]);
    expect(await page(`?limit=2&after=0`)).toEqual(['12', false, true]);
    expect(await page(`?after=${five}`)).toEqual(['', true, false]);
    expect(await page(`?before=${one}`)).toEqual(['', false, true]);
    for (const query of ['?before=1&after=1', '?limit=0', '?limit=101', '?before=x', '?before=-1', '?unknown=1']) {
      expect(await outcome(bob.http.get(`${messagesPath(room)}${query}`))).toEqual([400, 'request.invalid']);
    }
  });

  it('who reads the list and joins with its position misses nothing and hears nothing twice', async () => {
    await send(ann, room, 'Before');
    const page = await read(bob, room, '?websockets=1');
    expect(page.position).toBe((await world.roomEvents(room)).length);
    await send(ann, room, 'Between');
    const client = await world.connect(bob);
    const { room: name, token } = page.websockets![0]!;
    await client.join(name, token, { position: page.position, epoch: page.epoch });
    await send(ann, room, 'After');
    await client.next('realtime:resource', ({ resource }) => (resource as MessageRecord).body === 'After');
    expect(client.resources().map(({ resource }) => resource.body)).toEqual(['Between', 'After']);
    world.closeSockets();
  });

  it.each<[string, unknown, string]>([
    ['nothing', {}, 'message.empty'],
    ['blanks', { body: ' ' }, 'message.empty'],
    ['an empty document', { rich_text_body: { type: 'doc', content: [] } }, 'message.empty'],
    ['a number', { body: 7 }, 'request.invalid'],
    ['a NUL', { body: 'a\0b' }, 'request.invalid'],
    ['half a surrogate pair', { body: 'a\ud800b' }, 'request.invalid'],
    ['a text that is too long', { body: 'x'.repeat(10_001) }, 'message.too_long'],
    ['more than 64 KiB', { body: 'x', rich_text_body: { own: 'x'.repeat(70_000) } }, 'message.too_long'],
    ['a document that is none', { rich_text_body: { type: 'page' } }, 'message.empty'],
    ['a broken document', { rich_text_body: { type: 'doc', content: 'x' } }, 'message.rich_text_malformed'],
    [
      'a NUL in a document',
      { rich_text_body: { type: 'doc', content: [{ type: '\0' }] } },
      'message.rich_text_malformed',
    ],
    ['a document that is a list', { rich_text_body: [] }, 'request.invalid'],
    ['a creation_uuid that is none', { body: 'x', creation_uuid: 'first' }, 'request.invalid'],
    ['a parent that is a text', { body: 'x', parent_message_id: '1' }, 'request.invalid'],
    ['an unknown field', { body: 'x', sender: 1 }, 'request.invalid'],
    ['no object', '[]', 'request.invalid'],
    ['no JSON', '{', 'request.malformed_json'],
  ])('sending %s is refused and leaves nothing behind', async (_what, body, code) => {
    expect(await outcome(ann.http.post(messagesPath(room), body))).toEqual([400, code]);
    expect(await messageEvents()).toEqual([]);
    expect(bodies(await read(ann, room))).toEqual([]);
  });

  it.each(['x', '0', '-1', '1.5', '9'.repeat(30), '%00', '1e3'])('a message cannot be called %s', async (id) => {
    expect((await outcome(ann.http.get(`${messagesPath(room)}/${id}`)))[0]).toBe(400);
  });
});
