import { DataSource } from 'typeorm';
import { CableWorld, made, roomPath } from './cable.fixture.js';
import { at, type MessageRecord, openGroup, send } from './support/chat.js';
import type { Person } from './support/people.js';

const upTo = (last: number): number[] => Array.from({ length: last }, (_value, index) => index + 1);

// Real: HTTP in, plain WebSockets out, on two nodes where the services of the run allow it.
describe('many messages on /cable', () => {
  let world: CableWorld;
  let ann: Person;
  let bob: Person;

  beforeAll(async () => {
    world = await CableWorld.open();
    [ann, bob] = (await world.people('Ann', 'Bob')) as [Person, Person];
  });
  afterEach(() => world.hangUp());
  afterAll(() => world.close());

  it('case 33: ids beyond 2^31 are numbers', async () => {
    const beyond = 2 ** 31 + 1000;
    const database = world.nodes[0].app.get(DataSource);
    for (const table of ['chat_rooms', 'chat_room_participants', 'chat_room_messages', 'chat_threads']) {
      await database.query(`ALTER TABLE ${table} ALTER COLUMN id RESTART WITH ${beyond}`);
    }
    const ears = await world.listen([ann, bob]);
    const room = await openGroup(ann, [bob]);
    for (const ear of ears) expect(await ear.listen(room)).toBe('confirm_subscription');
    const root = await send(ann, room, 'A root');
    await send(bob, room, 'A reply', { parent_message_id: root.id });
    await made(ann.http.post(`${roomPath(room)}/pin`));
    await made(ann.http.delete(`${roomPath(room)}/pin`));
    await made(ann.http.post(`${roomPath(room)}/mark_all_as_read`));
    const [forAnn] = await world.heard(ears, room);
    const { rooms, talk, threads } = forAnn!;
    expect(room.id).toBeGreaterThanOrEqual(beyond);
    const place = expect.any(Number) as number;
    expect(rooms[0]).toMatchObject({ id: room.id, current_participant: { id: place } });
    expect(rooms.slice(2)).toMatchObject([{ chat_room_id: room.id }, {}, { chat_room_id: room.id }, {}]);
    expect(talk[1]).toMatchObject({
      id: place,
      chat_room_participant_id: place,
      chat_thread_id: place,
      parent_message_id: root.id,
      sender: { id: place },
    });
    expect(threads).toMatchObject([{ id: place }, { event: 'chatThreadRead', chat_thread_id: place }]);
    expect(JSON.stringify(forAnn)).not.toMatch(/"214748\d{4}"/);
  });

  it('case 34: fifty messages in a row come in the order of their ids on every queue', async () => {
    const room = await openGroup(ann, [bob]);
    const ears = await world.listen([ann, bob], room);
    const sent: number[] = [];
    for (const count of upTo(50)) sent.push((await send(ann, room, `Message ${count}`)).id);
    expect(sent).toEqual([...sent].sort((one, other) => one - other));
    for (const { rooms, talk } of await world.heard(ears, room)) {
      for (const queue of [rooms, talk]) expect(queue.map(({ id }) => id)).toEqual(sent);
    }
  });

  it('case 35: what is written on either node comes to both once', async () => {
    const room = await openGroup(ann, [bob]);
    const ears = [...(await world.listen([ann, bob], room)), ...(await world.listen([bob, ann], room))];
    const sent: number[] = [];
    for (const count of upTo(6)) sent.push((await send(at(world.nodes[count % 2]!, bob), room, 'Hello')).id);
    for (const { rooms, talk } of await world.heard(ears, room)) {
      for (const queue of [rooms, talk]) expect(queue.map(({ id }) => id)).toEqual(sent);
    }
  });

  it('case 36: read backwards page by page, the room has everything that was told, once', async () => {
    const room = await openGroup(ann, [bob]);
    const ears = await world.listen([bob], room);
    for (const count of upTo(25)) {
      const root = await send(ann, room, `Root ${count}`);
      if (count % 5 === 0) await send(ann, room, 'A reply', { parent_message_id: root.id });
    }
    const [heard] = await world.heard(ears, room);
    const read: number[] = [];
    for (let more = true; more;) {
      const before = read.length > 0 ? `&before=${read[0]}` : '';
      const page = await made<{ records: MessageRecord[]; has_previous_page: boolean }>(
        bob.http.get(`${roomPath(room)}/messages?limit=10${before}`),
      );
      read.unshift(...page.records.map(({ id }) => id));
      more = page.has_previous_page;
    }
    // The last of them is the one that shows that nothing else was told.
    expect(read.slice(0, -1)).toEqual(heard!.talk.map(({ id }) => id));
  });
});
