import { randomUUID } from 'node:crypto';
import type { Identity } from '../src/auth/identity.js';
import { Transactions } from '../src/database/transactions.js';
import { MessageSending } from '../src/modules/messages/index.js';
import {
  bodies,
  ChatWorld,
  made,
  messagePath,
  type MessageRecord,
  messagesPath,
  outcome,
  read,
  roomPath,
  send,
  upTo,
} from './chat.fixture.js';
import { itWith } from './support/services.js';
import type { Person } from './support/people.js';

// Real: the whole server over HTTP, its database and its event log.
describe('messages sent at the same time', () => {
  let world: ChatWorld;
  let ann: Person;
  let bob: Person;

  beforeAll(async () => {
    world = await ChatWorld.open();
    [ann, bob] = [await world.member('Ann'), await world.member('Bob')];
  });
  afterAll(() => world.close());

  const identity = ({ id }: Person): Identity => ({
    kind: 'member',
    memberId: id,
    workspaceId: 1,
    administrator: false,
  });

  it('a message that is sent again is there once, told once, and answered the same', async () => {
    const room = await world.group(ann, [bob]);
    const body = { body: 'Once', creation_uuid: randomUUID() };
    const replies = await Promise.all(
      Array.from({ length: 10 }, () => ann.http.post<MessageRecord>(messagesPath(room), body)),
    );
    expect(replies.map(({ status }) => status).sort()).toEqual([...Array<number>(9).fill(200), 201]);
    expect(new Set(replies.map((reply) => JSON.stringify(reply.body))).size).toBe(1);
    const later = await ann.http.post<MessageRecord>(messagesPath(room), { ...body, body: 'Changed my mind' });
    expect([later.status, later.body]).toEqual([200, replies[0]!.body]);
    expect(bodies(await read(bob, room))).toEqual(['Once']);
    expect((await world.roomEvents(room)).filter(({ type }) => type === 'message')).toHaveLength(1);
    // The name is taken for others, also when the message is gone, but free in other rooms.
    expect(await outcome(bob.http.post(messagesPath(room), body))).toEqual([409, 'message.creation_uuid_taken']);
    await made(ann.http.delete(messagePath(room, later.body)));
    expect(await outcome(ann.http.post(messagesPath(room), body))).toEqual([409, 'message.creation_uuid_taken']);
    expect(await outcome(ann.http.post(messagesPath(await world.group(ann, [])), body))).toEqual([201, undefined]);
  });

  it('a retry does not fail those whose messages wait beside it', async () => {
    const room = await world.group(ann, [bob]);
    const creation_uuid = randomUUID();
    await send(ann, room, 'Once', { creation_uuid });
    const others = upTo(10).map((number) => send(bob, room, `${number}`));
    const retries = upTo(3).map(() => ann.http.post(messagesPath(room), { body: 'Once', creation_uuid }));
    const strangers = upTo(3).map(() => world.boss.http.post(messagesPath(room), { body: 'Let me in' }));
    expect((await Promise.all(others)).map(({ body }) => body)).toEqual(upTo(10).map(String));
    expect((await Promise.all(retries)).map(({ status }) => status)).toEqual([200, 200, 200]);
    expect((await Promise.all(strangers)).map(({ status }) => status)).toEqual([404, 404, 404]);
    expect((await read(ann, room)).records).toHaveLength(11);
  });

  it('fifty senders in five rooms: each stream is 1..n, each message is told once, and as what it is', async () => {
    const members = await world.members(5);
    const rooms = await Promise.all(
      members.map((member) =>
        world.group(
          member,
          members.filter((one) => one !== member),
        ),
      ),
    );
    const sent = await Promise.all(
      upTo(50).map(async (number) => {
        const person = members[number % 5]!;
        const mine: MessageRecord[] = [];
        for (const index of upTo(4)) mine.push(await send(person, rooms[(number + index) % 5]!, `${number}/${index}`));
        return mine;
      }),
    );
    for (const room of rooms) {
      const events = await world.roomEvents(room);
      expect(events.map(({ seq }) => seq)).toEqual(upTo(events.length));
      const told = events.filter(({ type }) => type === 'message').map(({ resource }) => resource);
      const expected = sent.flat().filter(({ chat_room_uuid }) => chat_room_uuid === room.uuid);
      const byId = (one: unknown, other: unknown): number => (one as MessageRecord).id - (other as MessageRecord).id;
      expect(told.sort(byId)).toEqual(expected.sort(byId));
    }
    const causes = (await world.roomEvents(rooms[0]!)).filter(({ type }) => type === 'message');
    for (const { author, resource } of causes) {
      expect(author).toEqual({ member: (resource!.sender as { community_member_id: number }).community_member_id });
    }
    expect(new Set(causes.map(({ requestId }) => requestId)).size).toBe(causes.length);
  });

  it('one sender after the other keeps the order of ids', async () => {
    const room = await world.group(ann, [bob]);
    for (const number of upTo(50)) await send(ann, room, `${number}`);
    const told = (await world.roomEvents(room))
      .filter(({ type }) => type === 'message')
      .map(({ resource }) => resource!.id);
    expect(told).toEqual([...told].sort((one, other) => Number(one) - Number(other)));
  });

  it('replies at the same time each know how many there are', async () => {
    const room = await world.group(ann, [bob]);
    const root = await send(ann, room, 'Root');
    await Promise.all(
      upTo(12).map((number) => send(number % 2 ? ann : bob, room, 'x', { parent_message_id: root.id })),
    );
    const replies = (await world.roomEvents(room)).filter(({ resource }) => resource?.parent_message_id === root.id);
    expect(replies.map(({ resource }) => resource!.chat_thread_replies_count)).toEqual(upTo(12));
    expect(new Set(replies.map(({ resource }) => resource!.chat_thread_id)).size).toBe(1);
  });

  it('a root that goes while people reply leaves no reply behind', async () => {
    for (const _round of upTo(5)) {
      const room = await world.group(ann, [bob]);
      const root = await send(ann, room, 'Root');
      const replies = upTo(6).map(() =>
        outcome(bob.http.post(messagesPath(room), { body: 'x', parent_message_id: root.id })),
      );
      await made(ann.http.delete(messagePath(room, root)));
      for (const [status] of await Promise.all(replies)) expect([201, 400]).toContain(status);
      expect((await read(ann, room)).records).toEqual([]);
      const events = (await world.roomEvents(room)).filter(({ type }) => type === 'message');
      const count = (action: string): number => events.filter((event) => event.action === action).length;
      expect(count('deleted')).toBe(count('created'));
    }
  });

  it('nothing of a removed participant is told after the removal, however much they were sending', async () => {
    const room = await world.group(ann, [bob]);
    let over = false;
    const flood = upTo(6).map(async () => {
      while (!over) if ((await outcome(bob.http.post(messagesPath(room), { body: 'spam' })))[0] === 404) return;
    });
    await send(ann, room, 'Stop it');
    await made(ann.http.delete(`${roomPath(room)}/participants/${bob.id}`));
    over = true;
    await Promise.all(flood);
    const events = await world.roomEvents(room);
    const removal = events.findIndex(({ type, action }) => type === 'participant' && action === 'deleted');
    expect(removal).toBeGreaterThan(0);
    expect(events.slice(removal + 1).filter(({ type }) => type === 'message')).toEqual([]);
  });

  it('two who remove each other at the same time: one of them stays', async () => {
    for (const _round of upTo(5)) {
      const room = await world.group(ann, [world.boss, bob]);
      const removals = await Promise.all([
        outcome(ann.http.delete(`${roomPath(room)}/participants/${world.boss.id}`)),
        outcome(world.boss.http.delete(`${roomPath(room)}/participants/${ann.id}`)),
      ]);
      expect(removals.map(([status]) => status).sort()).toEqual([204, 404]);
    }
  });

  it('changes of every kind at the same time end, and leave streams without holes', async () => {
    const newcomers = await world.members(3);
    const room = await world.group(ann, [bob]);
    const root = await send(ann, room, 'Root');
    const results = await Promise.all([
      ...upTo(10).map(() => outcome(bob.http.post(messagesPath(room), { body: 'x' }))),
      ...upTo(5).map(() => outcome(bob.http.post(messagesPath(room), { body: 'x', parent_message_id: root.id }))),
      ...upTo(5).map((number) => outcome(ann.http.patch(messagePath(room, root), { body: `${number}` }))),
      ...upTo(5).map((number) =>
        outcome(ann.http.patch(roomPath(room), { name: `Room ${number}`, pinned_message_id: root.id })),
      ),
      ...newcomers.map(({ id }) =>
        outcome(ann.http.post(`${roomPath(room)}/participants`, { member_ids: [id, bob.id] })),
      ),
      outcome(ann.http.delete(`${roomPath(room)}/participants/${newcomers[0]!.id}`)),
      outcome(ann.http.delete(messagePath(room, root))),
    ]);
    for (const [status] of results) expect([200, 201, 204, 400, 404]).toContain(status);
    const events = await world.roomEvents(room);
    expect(events.map(({ seq }) => seq)).toEqual(upTo(events.length));
  });

  it('a message that is sent inside a larger transaction lives and dies with it', async () => {
    const room = await world.group(ann, [bob]);
    const [transactions, sending] = [world.server.app.get(Transactions), world.server.app.get(MessageSending)];
    const attempt = transactions.run(async () => {
      await sending.send(identity(ann), room.uuid, { body: 'Never' });
      throw new Error('on purpose');
    });
    await expect(attempt).rejects.toThrow('on purpose');
    const creation_uuid = randomUUID();
    await transactions.run(async () => {
      await sending.send(identity(ann), room.uuid, { body: 'Kept', creation_uuid });
      const retry = await sending.send(identity(ann), room.uuid, { body: 'Kept', creation_uuid });
      expect(retry.created).toBe(false);
    });
    expect(bodies(await read(bob, room))).toEqual(['Kept']);
    expect((await world.roomEvents(room)).filter(({ type }) => type === 'message')).toHaveLength(1);
  });

  // One transaction at a time is all that the embedded database does, so only PostgreSQL can show these.
  itWith(['postgres'], 'transactions that write to two rooms in opposite order do not stop each other', async () => {
    const rooms = [await world.group(ann, [bob]), await world.group(ann, [bob])];
    const [transactions, sending] = [world.server.app.get(Transactions), world.server.app.get(MessageSending)];
    const newcomers = await world.members(4);
    const writes = upTo(20).map((number) =>
      transactions.run(async () => {
        const [first, second] = number % 2 ? rooms : [...rooms].reverse();
        await sending.send(identity(ann), first!.uuid, { body: `${number}` });
        await sending.send(identity(bob), second!.uuid, { body: `${number}` });
      }),
    );
    const joins = newcomers.map(({ id }, index) =>
      made(ann.http.post(`${roomPath(rooms[index % 2]!)}/participants`, { member_ids: [id] })),
    );
    await Promise.all([...writes, ...joins]);
    for (const room of rooms) expect((await read(ann, room)).records).toHaveLength(20);
  });

  itWith(['postgres'], 'a room that never falls silent still lets people in and out', async () => {
    const room = await world.group(ann, [bob]);
    const sending = world.server.app.get(MessageSending);
    const newcomers = await world.members(3);
    let over = false;
    let sent = 0;
    const root = await send(ann, room, 'Root');
    const storm = upTo(8).map(async (number) => {
      const more = number % 2 ? { parent_message_id: root.id } : {};
      while (!over) await sending.send(identity(bob), room.uuid, { body: 'x', ...more }).then(() => (sent += 1));
    });
    for (const { id } of newcomers) {
      await made(ann.http.post(`${roomPath(room)}/participants`, { member_ids: [id] }));
      await made(ann.http.delete(`${roomPath(room)}/participants/${id}`));
    }
    over = true;
    await Promise.all(storm);
    expect(sent).toBeGreaterThan(0);
  });
});
