import { RoomDirectory } from '../src/realtime/room-directory.js';
import { CableWorld, type Ear, inShort, type Message, made, roomPath } from './cable.fixture.js';
import { CableClient } from './support/cable-client.js';
import { addTo, openDirect, openGroup, removeFrom, type RoomRecord, send } from './support/chat.js';
import type { Person } from './support/people.js';

// Real: HTTP in, plain WebSockets out, on two nodes where the services of the run allow it. The keys of everything that
// is heard are compared with docs/dialects/actioncable.md.
describe('what happens to rooms, on /cable', () => {
  let world: CableWorld;
  let ann: Person;
  let bob: Person;
  let cy: Person;

  beforeAll(async () => {
    world = await CableWorld.open();
    [ann, bob, cy] = (await world.people('Ann', 'Bob', 'Cy')) as [Person, Person, Person];
  });
  afterEach(() => world.hangUp());
  afterAll(() => world.close());

  const change = (room: RoomRecord, wanted: object, person = ann): Promise<unknown> =>
    made(person.http.patch(roomPath(room), wanted));
  const pin = (person: Person, room: RoomRecord) => person.http.post<Message>(`${roomPath(room)}/pin`);
  const unpin = (person: Person, room: RoomRecord) => person.http.delete(`${roomPath(room)}/pin`);
  const read = (person: Person, room: RoomRecord) => made(person.http.post(`${roomPath(room)}/mark_all_as_read`));
  const names = (messages: Message[]): unknown[] => messages.map(({ chat_room_name }) => chat_room_name);

  it('case 20: a new name is told in the list of rooms and in the room, a description in the room alone', async () => {
    const room = await openGroup(ann, [bob], { name: 'Plans' });
    const message = await send(ann, room, 'Pin me');
    const ears = await world.listen([ann, bob], room);
    await change(room, { name: 'Great plans' });
    await change(room, { description: 'For the summer' });
    await change(room, { name: 'Great plans', description: 'For the summer' });
    await change(room, { pinned_message_id: message.id });
    await change(room, { show_history: false });
    for (const heard of await world.heard(ears, room)) {
      const updated = { event: 'chatRoomUpdated', uuid: room.uuid, chat_room_name: 'Great plans' };
      expect(heard.rooms).toMatchObject([{ ...updated, chat_room_description: null, pinned_message: null }]);
      expect(heard.talk).toMatchObject([
        { ...updated, chat_room_description: null, chat_room_show_history: true, pinned_message: null },
        { ...updated, chat_room_description: 'For the summer', pinned_message: null },
        { ...updated, chat_room_show_history: true, pinned_message: { id: message.id, body: 'Pin me' } },
        { ...updated, chat_room_show_history: false, pinned_message: null },
      ]);
      expect(heard.talk[0]).toEqual(heard.rooms[0]);
      expect(inShort(heard)).not.toHaveProperty('threads');
    }
  });

  it('a room that loses its name is called after the others, for each of them, by all who were there before', async () => {
    const room = await openGroup(ann, [bob, cy], { name: 'Plans' });
    const ears = await world.listen([ann, bob, cy], room);
    const again = await world.listen([cy, ann, bob], room);
    await change(room, { name: null });
    const heard = await world.heard([...ears, ...again], room);
    const called = heard.map(({ rooms, talk }) => [names(rooms), names(talk)]);
    const expected = ['Bob, Cy', 'Ann, Cy', 'Ann, Bob', 'Ann, Bob', 'Bob, Cy', 'Ann, Cy'];
    expect(called).toEqual(expected.map((name) => [[name], [name]]));
  });

  it('a room without a name that gets one, and what else changes in it meanwhile', async () => {
    const room = await openGroup(ann, [bob, cy]);
    const ears = await world.listen([ann, bob, cy], room);
    await change(room, { description: 'Nameless' });
    await change(room, { name: 'Plans' });
    const heard = await world.heard(ears, room);
    expect(heard.map(({ talk }) => names(talk))).toEqual([
      ['Bob, Cy', 'Plans'],
      ['Ann, Cy', 'Plans'],
      ['Ann, Bob', 'Plans'],
    ]);
    for (const { rooms } of heard) expect(names(rooms)).toEqual(['Plans']);
  });

  it('case 21: a pin is told to that member alone: pinned, then the room; no pin any more is told once', async () => {
    const room = await openGroup(ann, [bob], { name: 'Plans' });
    const ears = await world.listen([ann, bob, bob], room);
    const { body } = await pin(bob, room);
    await pin(bob, room);
    await unpin(bob, room);
    await unpin(bob, room);
    const [forAnn, ...forBob] = await world.heard(ears, room);
    expect(inShort(forAnn!)).toEqual({});
    for (const heard of forBob) {
      expect(inShort(heard)).toEqual({ rooms: ['chatRoomPinned', 'chatRoomUpdated', 'chatRoomUnPinned'] });
      expect(heard.rooms).toMatchObject([
        { chat_room_id: room.id, pinned_at: body.pinned_at },
        { uuid: room.uuid, chat_room_name: 'Plans' },
        { chat_room_id: room.id },
      ]);
    }
  });

  it('case 22: a new room is told to each as they see it, a direct one by the name of the other', async () => {
    const [dan] = (await world.people('Dan')) as [Person];
    const ears = await world.listen([ann, dan]);
    const room = await openDirect(ann, dan);
    const heard = await world.heard([], null, ears);
    for (const [index, [self, other]] of [[ann, 'Dan'] as const, [dan, 'Ann'] as const].entries()) {
      expect(heard[index]!.rooms).toMatchObject([
        {
          event: 'chatRoomCreated',
          id: room.id,
          uuid: room.uuid,
          identifier: `direct-${ann.id}-${dan.id}`,
          chat_room_kind: 'direct',
          chat_room_name: other,
          unread_messages_count: 0,
          last_message: null,
          current_participant: { community_member_id: self.id },
          other_participants_preview: [{ name: other }],
        },
      ]);
    }
  });

  it('case 22: a room that begins with a message is told before it', async () => {
    const ears = await world.listen([ann, bob]);
    const room = await openGroup(ann, [bob], { name: 'Plans', body: 'Hello all' });
    for (const { client } of ears) await client.next(({ message }) => message?.event === 'newMessage');
    for (const heard of await world.heard([], null, ears)) {
      expect(heard.rooms).toMatchObject([
        { event: 'chatRoomCreated', uuid: room.uuid, chat_room_name: 'Plans' },
        { event: 'newMessage', chat_room_uuid: room.uuid, body: 'Hello all' },
      ]);
    }
  });

  it('case 23: a direct room that is there already is no news', async () => {
    const room = await openDirect(ann, bob);
    const ears = await world.listen([ann, bob], room);
    expect((await openDirect(bob, ann)).uuid).toBe(room.uuid);
    expect((await openDirect(ann, bob)).uuid).toBe(room.uuid);
    for (const heard of await world.heard(ears, room)) expect(inShort(heard)).toEqual({});
  });

  it('case 24: a room that is read is told to the reader alone, with each thread that had unread replies', async () => {
    const room = await openGroup(ann, [bob, cy]);
    const roots = [await send(ann, room, 'One'), await send(ann, room, 'Two'), await send(ann, room, 'Three')];
    const replies = roots.slice(0, 2).map((root) => send(bob, room, 'A reply', { parent_message_id: root.id }));
    const threads = (await Promise.all(replies)).map(({ chat_thread_id }) => chat_thread_id!);
    const ears = await world.listen([ann, bob, ann], room);
    await read(ann, room);
    const unread = await made<{ chat_rooms: string[] }>(ann.http.get('/api/chat-rooms/unread'));
    expect(unread.chat_rooms).not.toContain(room.uuid);
    await read(ann, room);
    const [first, forBob, second] = await world.heard(ears, room);
    expect(inShort(forBob!)).toEqual({});
    for (const heard of [first!, second!]) {
      expect(heard.rooms).toEqual(Array(2).fill({ event: 'chatRoomRead', chat_room_uuid: room.uuid }));
      const told = threads.sort((one, other) => one - other);
      expect(heard.threads).toEqual(told.map((id) => ({ event: 'chatThreadRead', chat_thread_id: id })));
      expect(heard.talk).toEqual([]);
    }
    const { chat_thread_ids } = await made<{ chat_thread_ids: number[] }>(ann.http.get('/api/chat-threads/unread'));
    expect(chat_thread_ids).toEqual(expect.not.arrayContaining(threads));
    await made(ann.http.post(`/api/chat-threads/${threads[0]}/mark_as_read`));
    const [again] = await world.heard(ears, room);
    expect(again!.threads).toEqual([{ event: 'chatThreadRead', chat_thread_id: threads[0] }]);
  });

  const left = (ear: Ear, room: RoomRecord): unknown[] =>
    ear.client.frames.filter(
      ({ type, identifier }) =>
        type === 'reject_subscription' &&
        (JSON.parse(identifier!) as { chat_room_id?: number }).chat_room_id === room.id,
    );

  it.each(['removed', 'leaving'])(
    'case 31: a participant, %s, is told so on both queues, and hears nothing later',
    async (how) => {
      const room = await openGroup(ann, [bob, cy]);
      const root = await send(bob, room, 'A root');
      await send(ann, room, 'A reply', { parent_message_id: root.id });
      const ears = await world.listen([ann, bob, bob], room);
      await removeFrom(how === 'removed' ? ann : bob, room, bob);
      await send(ann, room, 'Is Bob gone?');
      await send(ann, room, 'He is', { parent_message_id: root.id });
      await change(room, { name: `Without Bob, ${how}` });
      const [inside, ...gone] = ears as [Ear, Ear, Ear];
      const [forAnn, ...forBob] = await world.heard([inside], room, gone);
      expect(inShort(forAnn!)).toMatchObject({ talk: ['newMessage', 'newMessage', 'chatRoomUpdated'] });
      for (const heard of forBob) {
        expect(heard).toEqual({
          notices: [],
          rooms: [{ event: 'chatRoomDeleted', chat_room_uuid: room.uuid }],
          threads: [],
          talk: [],
        });
      }
      for (const ear of gone) expect(left(ear, room)).toHaveLength(1);
      for (const ear of gone) expect(await ear.listen(room)).toBe('reject_subscription');

      await addTo(ann, room, bob);
      for (const ear of gone) expect(await ear.listen(room)).toBe('confirm_subscription');
      await send(ann, room, 'Welcome back');
      for (const { client } of gone) {
        await client.next(
          ({ message, identifier }) => message?.body === 'Welcome back' && identifier!.includes('"ChatRoomChannel"'),
        );
      }
      for (const heard of (await world.heard(ears, room)).slice(1)) {
        expect(inShort(heard)).toEqual({ rooms: ['chatRoomCreated', 'newMessage'], talk: ['newMessage'] });
      }
    },
  );

  it('a room that opens in the moment of the unsubscribe is not heard of either', async () => {
    const [node] = world.nodes;
    const client = await CableClient.open(node.url, { token: ann.token });
    const rooms = JSON.stringify({ channel: 'ChatRoomChannel' });
    await client.subscribe(rooms);
    const directory = node.app.get(RoomDirectory);
    const door = directory.open.bind(directory);
    let goOn = (): void => undefined;
    const waiting = new Promise<void>((resolve) => (goOn = resolve));
    let slow: { mockRestore(): void } | undefined;
    const opening = new Promise<void>((resolve) => {
      slow = jest.spyOn(directory, 'open').mockImplementationOnce(async (...asked) => {
        resolve();
        await waiting;
        return door(...asked);
      });
    });
    const room = await openGroup(ann, [bob]);
    await opening;
    client.send({ command: 'unsubscribe', identifier: rooms });
    await client.subscribe({ channel: 'Chats::RoomChannel', chat_room_id: room.id });
    goOn();
    slow?.mockRestore();
    await send(ann, room, 'Hello');
    await client.event('newMessage', 'Chats::RoomChannel');
    await client.subscribe({ channel: 'Nothing' });
    expect(client.events('ChatRoomChannel')).toEqual(['chatRoomCreated']);
    client.close();
  });

  it('a room that is deleted is told to all who are in it, and ends their subscriptions', async () => {
    const room = await openGroup(ann, [bob, cy]);
    const ears = await world.listen([ann, bob, cy], room);
    await removeFrom(ann, room, cy);
    await made(ann.http.delete(roomPath(room)));
    const deleted = { event: 'chatRoomDeleted', chat_room_uuid: room.uuid };
    for (const heard of await world.heard([], null, ears)) {
      expect(heard).toEqual({ notices: [], rooms: [deleted], threads: [], talk: [] });
    }
    for (const ear of ears) expect(left(ear, room)).toHaveLength(1);
  });
});
