import { randomUUID } from 'node:crypto';
import { Transactions } from '../src/database/transactions.js';
import { Message } from '../src/modules/messages/index.js';
import { CableWorld, inShort, made, messagePath, roomPath } from './cable.fixture.js';
import { mentioning } from './notifications.fixture.js';
import { allMessages, at, type MessageRecord, openDirect, openGroup, type RoomRecord, send } from './support/chat.js';
import type { Person } from './support/people.js';

// Real: HTTP in, plain WebSockets out, on two nodes where the services of the run allow it. The keys of everything that
// is heard are compared with docs/dialects/actioncable.md.
describe('what is said in a room, on /cable', () => {
  let world: CableWorld;
  let ann: Person;
  let bob: Person;
  let cy: Person;
  let embedded = 7000;

  beforeAll(async () => {
    world = await CableWorld.open();
    [ann, bob, cy] = (await world.people('Ann', 'Bob', 'Cy')) as [Person, Person, Person];
  });
  afterEach(() => world.hangUp());
  afterAll(() => world.close());

  const reply = (person: Person, room: RoomRecord, root: MessageRecord, body = 'A reply'): Promise<MessageRecord> =>
    send(person, room, body, { parent_message_id: root.id });
  const edit = (person: Person, room: RoomRecord, message: MessageRecord, body: string): Promise<unknown> =>
    made(person.http.patch(messagePath(room, message), { body }));
  const remove = (person: Person, room: RoomRecord, message: MessageRecord): Promise<unknown> =>
    made(person.http.delete(messagePath(room, message)));

  it('case 16: a message in a direct room comes to both, with the creation_uuid that it was sent with', async () => {
    const [dan] = (await world.people('Dan')) as [Person];
    const room = await openDirect(ann, dan);
    const ears = await world.listen([ann, dan], room);
    const creation_uuid = randomUUID();
    const sent = await send(ann, room, 'Hello', { creation_uuid });
    for (const heard of await world.heard(ears, room)) {
      expect(inShort(heard)).toEqual({ rooms: ['newMessage'], talk: ['newMessage'] });
      const [message] = heard.talk;
      expect(message).toEqual({ event: 'newMessage', ...sent });
      expect(message).toMatchObject({
        chat_room_kind: 'direct',
        chat_room_uuid: room.uuid,
        body: 'Hello',
        creation_uuid,
        sender: { community_member_id: ann.id, name: 'Ann' },
        chat_thread_id: null,
        parent_message_id: null,
        edited_at: null,
        replies_count: 0,
        chat_thread_replies_count: 0,
      });
      expect(heard.rooms[0]).toEqual(message);
    }
  });

  it('case 17: a reply comes to the room and to those in its thread, not to the list of rooms', async () => {
    const room = await openGroup(ann, [bob, cy]);
    const ears = await world.listen([ann, bob, cy], room);
    const root = await send(ann, room, 'A root');
    const answer = await reply(bob, room, root);
    const [forAnn, forBob, forCy] = await world.heard(ears, room);
    const told = { rooms: ['newMessage'], talk: ['newMessage', 'newMessage'] };
    const notices = ['newNotification', 'updateNewNotificationCount'];
    expect(inShort(forAnn!)).toEqual({ notices, threads: ['newMessage'], ...told });
    expect(inShort(forBob!)).toEqual({ threads: ['newMessage'], ...told });
    expect(inShort(forCy!)).toEqual(told);
    expect(forAnn!.threads[0]).toEqual({ event: 'newMessage', ...answer });
    expect(forAnn!.talk[1]).toEqual(forBob!.threads[0]);
    expect(answer).toMatchObject({
      parent_message_id: root.id,
      chat_thread_replies_count: 1,
      replies_count: 0,
      total_thread_participants_count: 2,
      thread_participants_preview: [{ community_member_id: ann.id }, { community_member_id: bob.id }],
    });
  });

  it('case 17: whoever is mentioned in a thread hears it from then on', async () => {
    const room = await openGroup(ann, [bob, cy]);
    const root = await send(ann, room, 'A root');
    const ears = await world.listen([ann, cy], room);
    await reply(bob, room, root);
    await send(bob, room, '', { rich_text_body: mentioning(cy), parent_message_id: root.id });
    await reply(ann, room, root, 'The last');
    const [forAnn, forCy] = await world.heard(ears, room);
    expect(forAnn!.threads.map(({ chat_thread_replies_count }) => chat_thread_replies_count)).toEqual([1, 2, 3]);
    expect(forCy!.threads).toEqual(forAnn!.threads.slice(1));
  });

  it('case 18: an embedded room tells its own queue and its threads, and cannot be pinned', async () => {
    const { boss } = world;
    const before = await world.listen([boss, bob]);
    const place = { parent_type: 'Space', parent_id: (embedded += 1) };
    const room = await openGroup(boss, [bob], place);
    for (const ear of before) expect(await ear.listen(room)).toBe('confirm_subscription');
    const root = await send(boss, room, 'Welcome');
    await reply(bob, room, root);
    await made(boss.http.patch(roomPath(room), { name: 'The space' }));
    const [forBoss, forBob] = await world.heard(before, room);
    const told = { threads: ['newMessage'], talk: ['newMessage', 'newMessage', 'chatRoomUpdated'] };
    expect(inShort(forBoss!)).toEqual({ notices: ['newNotification', 'updateNewNotificationCount'], ...told });
    expect(inShort(forBob!)).toEqual(told);
    expect((await bob.http.post(`${roomPath(room)}/pin`)).status).toBe(422);
    await made(boss.http.delete(roomPath(room)));
    const [, afterwards] = await world.heard([], null, before);
    expect(afterwards!.rooms).toEqual([{ event: 'chatRoomDeleted', chat_room_uuid: room.uuid }]);
  });

  it('case 19: sent again with the same creation_uuid, also at once, it is one message and one event', async () => {
    const room = await openGroup(ann, [bob]);
    const ears = await world.listen([ann, bob], room);
    const creation_uuid = randomUUID();
    const again = (server = world.nodes[0]): Promise<MessageRecord> =>
      send(at(server, ann), room, 'Once', { creation_uuid });
    const sent = await Promise.all([again(), again(world.nodes[1]), again(), again(world.nodes[1])]);
    sent.push(await again());
    for (const message of sent) expect(message).toEqual(sent[0]);
    const stolen = await bob.http.post(`${roomPath(room)}/messages`, { body: 'Mine', creation_uuid });
    expect(stolen.status).toBeGreaterThanOrEqual(400);
    for (const heard of await world.heard(ears, room)) {
      expect(inShort(heard)).toEqual({ rooms: ['newMessage'], talk: ['newMessage'] });
    }
    expect((await allMessages(ann, room)).map(({ body }) => body)).toHaveLength(2);
  });

  it('case 25: an edit comes to the room with edited_at; one that changes nothing does not', async () => {
    const room = await openGroup(ann, [bob, cy]);
    const [root, other] = [await send(ann, room, 'A root'), await send(ann, room, 'Alone')];
    await reply(bob, room, root);
    const ears = await world.listen([ann, bob, cy], room);
    await edit(ann, room, root, 'A better root');
    await edit(ann, room, root, 'A better root');
    await edit(ann, room, other, 'Still alone');
    const [forAnn, forBob, forCy] = await world.heard(ears, room);
    const talk = ['updatedMessage', 'updatedMessage'];
    expect(inShort(forAnn!)).toEqual({ threads: ['updatedMessage'], talk });
    expect(inShort(forBob!)).toEqual({ threads: ['updatedMessage'], talk });
    expect(inShort(forCy!)).toEqual({ talk });
    expect(forBob!.threads[0]).toEqual(forBob!.talk[0]);
    expect(forBob!.talk).toMatchObject([
      { id: root.id, body: 'A better root', edited_at: expect.any(String), replies_count: 1 },
      { id: other.id, body: 'Still alone', edited_at: expect.any(String), replies_count: 0 },
    ]);
    expect(forBob!.talk[0]).not.toHaveProperty('chat_room_kind');
  });

  it('case 26: a deleted reply shows its root with one reply less', async () => {
    const room = await openGroup(ann, [bob, cy]);
    const root = await send(ann, room, 'A root');
    const first = await reply(bob, room, root);
    await reply(ann, room, root);
    const ears = await world.listen([ann, bob, cy], room);
    await remove(bob, room, first);
    const [forAnn, forBob, forCy] = await world.heard(ears, room);
    const told = { threads: ['deletedMessage'], talk: ['deletedMessage'] };
    expect(inShort(forBob!)).toEqual(told);
    expect(inShort(forCy!)).toEqual({ talk: ['deletedMessage'] });
    const left = { id: root.id, replies_count: 1, total_thread_participants_count: 1, edited_at: null };
    expect(forAnn!.talk[0]).toMatchObject({
      id: first.id,
      parent_message: { ...left, chat_room_participant_id: root.chat_room_participant_id, body: 'A root' },
    });
    for (const { threads } of [forAnn!, forBob!]) {
      expect(threads[0]).toMatchObject({
        id: first.id,
        parent_message: { ...left, chat_room_participant_id: String(root.chat_room_participant_id) },
      });
    }
  });

  it('case 27: a deleted root is told once, without a parent, and takes its replies and its pin along', async () => {
    const room = await openGroup(ann, [bob, cy]);
    const root = await send(ann, room, 'A root');
    await reply(bob, room, root);
    await reply(ann, room, root);
    await made(ann.http.patch(roomPath(room), { pinned_message_id: root.id }));
    const ears = await world.listen([ann, bob, cy], room);
    await remove(ann, room, root);
    const [forAnn, forBob, forCy] = await world.heard(ears, room);
    const gone = { event: 'deletedMessage', id: root.id, parent_message: null };
    for (const { threads } of [forAnn!, forBob!]) expect(threads).toEqual([gone]);
    expect(forCy!.threads).toEqual([]);
    for (const { talk } of [forAnn!, forBob!, forCy!]) {
      expect(talk).toMatchObject([gone, { event: 'chatRoomUpdated', uuid: room.uuid, pinned_message: null }]);
    }
  });

  it('case 32: what is rolled back is not told', async () => {
    const room = await openGroup(ann, [bob]);
    const root = await send(ann, room, 'A root');
    const ears = await world.listen([ann, bob], room);
    const changedMyMind = new Error('changed my mind');
    const work = world.nodes[0].app.get(Transactions).run(async (manager) => {
      const message = await manager.findOneByOrFail(Message, { id: root.id });
      await manager.save(Object.assign(message, { body: 'Never said' }));
      throw changedMyMind;
    });
    await expect(work).rejects.toBe(changedMyMind);
    for (const heard of await world.heard(ears, room)) expect(inShort(heard)).toEqual({});
  });
});
