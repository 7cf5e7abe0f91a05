import { randomUUID } from 'node:crypto';
import { ChatWorld, made, outcome, roomPath, type RoomRecord, see, send } from './chat.fixture.js';
import type { Person } from './support/people.js';

interface Pin {
  chat_room_id: number;
  chat_room_uuid: string;
  pinned_at: string;
}

interface Listed {
  records: RoomRecord[];
  next_cursor: string | null;
}

// Real: the whole server over HTTP, its database and its event log.
describe('pinned rooms', () => {
  let world: ChatWorld;
  let ann: Person;
  let bob: Person;
  let room: RoomRecord;

  beforeAll(async () => {
    world = await ChatWorld.open();
  });
  beforeEach(async () => {
    [ann, bob] = [await world.member('Ann'), await world.member('Bob')];
    room = await world.group(ann, [bob], { name: 'Crew' });
  });
  afterAll(() => world.close());

  const pinPath = (where: { uuid: string }): string => `${roomPath(where)}/pin`;
  const pin = (person: Person, where: { uuid: string } = room): Promise<Pin> => made(person.http.post(pinPath(where)));
  const unpin = (person: Person, where: { uuid: string } = room) => person.http.delete(pinPath(where));

  it('a pin is told to its member alone: the pin, then the room as they see it now', async () => {
    const before = [await world.ownEvents(ann), await world.roomEvents(room)];
    const since = (await world.ownEvents(bob)).length;
    const pinned = await pin(bob);
    expect(pinned).toEqual({ chat_room_id: room.id, chat_room_uuid: room.uuid, pinned_at: expect.any(String) });
    const seen = await see(bob, room);
    expect(seen).toMatchObject({ pinned_at: pinned.pinned_at, current_participant: { community_member_id: bob.id } });
    const told = { type: 'chat_room', path: `/chat-rooms/${room.uuid}` };
    expect(await world.tidings(bob, since)).toEqual([
      { ...told, action: 'pinned', resource: pinned },
      { ...told, action: 'updated', resource: seen },
    ]);
    expect([await world.ownEvents(ann), await world.roomEvents(room)]).toEqual(before);
    expect(await see(ann, room)).toMatchObject({ pinned_at: null });
  });

  it('pinning again, also at the same time, keeps the first pin and tells nothing', async () => {
    const since = (await world.ownEvents(bob)).length;
    const pins = await Promise.all([1, 2, 3, 4].map(() => pin(bob)));
    expect(new Set([...pins, await pin(bob)].map(({ pinned_at }) => pinned_at)).size).toBe(1);
    expect((await world.tidings(bob, since)).map(({ action }) => action)).toEqual(['pinned', 'updated']);
  });

  it('what is not pinned any more says only that, and what never was says nothing', async () => {
    await pin(bob);
    const since = (await world.ownEvents(bob)).length;
    const names = { chat_room_id: room.id, chat_room_uuid: room.uuid };
    for (const _time of [1, 2]) expect(await unpin(bob)).toMatchObject({ status: 200, body: names });
    expect(await world.tidings(bob, since)).toEqual([
      { action: 'unpinned', type: 'chat_room', path: `/chat-rooms/${room.uuid}`, resource: names },
    ]);
    expect(await see(bob, room)).toMatchObject({ pinned_at: null });
  });

  it('the list has pinned rooms first, the newest pin before all, and no page loses or repeats a room', async () => {
    const rooms = new Map<string, RoomRecord>();
    for (const name of ['a', 'b', 'c', 'd', 'e', 'f', 'g']) rooms.set(name, await world.group(bob, [ann], { name }));
    for (const name of ['c', 'g', 'a']) {
      const { pinned_at } = await pin(ann, rooms.get(name)!);
      // Two pins of one moment would have no order.
      while (Date.now() <= Date.parse(pinned_at));
    }
    await send(bob, rooms.get('e')!, 'Latest, but not pinned');
    for (const limit of [1, 2, 3, 100]) {
      const names: unknown[] = [];
      let cursor: string | null = '';
      while (cursor !== null) {
        const query: string = `limit=${limit}${cursor && `&cursor=${cursor}`}`;
        const page: Listed = await made(ann.http.get(`/api/chat-rooms?${query}`));
        names.push(...page.records.map(({ name }) => name));
        cursor = page.next_cursor;
      }
      expect(names).toEqual(['a', 'g', 'c', 'e', 'f', 'd', 'b', 'Crew']);
    }
  });

  it('a pin goes with its member, and does not come back with them', async () => {
    const path = `${roomPath(room)}/participants`;
    await pin(bob);
    const since = (await world.ownEvents(bob)).length;
    await made(bob.http.delete(`${path}/${bob.id}`));
    expect((await world.tidings(bob, since)).map(({ action, type }) => [action, type])).toEqual([
      ['deleted', 'chat_room'],
    ]);
    await made(ann.http.post(path, { member_ids: [bob.id] }));
    expect(await see(bob, room)).toMatchObject({ pinned_at: null });
    expect((await pin(bob)).chat_room_id).toBe(room.id);
    await made(ann.http.delete(`${path}/${bob.id}`));
    const left = `SELECT * FROM chat_room_pins JOIN chat_room_participants ON id = chat_room_participant_id
                  WHERE chat_room_id = $1`;
    expect(await world.sql(left, [room.id])).toEqual([]);
  });

  it('an embedded room has its place already', async () => {
    const parent = { parent_type: 'Space', parent_id: 900 };
    const embedded = await world.group(world.boss, [bob], parent);
    expect(await outcome(bob.http.post(pinPath(embedded)))).toEqual([422, 'chat_room.embedded_not_pinned']);
    expect((await unpin(bob, embedded)).status).toBe(200);
  });

  it('strangers and programs learn nothing, and a body that is not asked for does no harm', async () => {
    const cy = await world.member('Cy');
    for (const where of [room, { uuid: randomUUID() }, { uuid: 'nonsense' }, { uuid: '%00' }]) {
      for (const http of [cy.http, world.boss.http]) {
        expect(await outcome(http.post(pinPath(where)))).toEqual([404, 'chat_room.not_found']);
        expect(await outcome(http.delete(pinPath(where)))).toEqual([404, 'chat_room.not_found']);
      }
    }
    expect((await world.server.http.post(pinPath(room))).status).toBe(401);
    expect((await bob.http.post(pinPath(room), { pinned_at: null })).status).toBe(200);
    await made(ann.http.delete(roomPath(room)));
    expect(await outcome(unpin(bob))).toEqual([404, 'chat_room.not_found']);
  });
});
