import { ChatWorld, made, outcome, roomPath, type RoomRecord, see, send } from './chat.fixture.js';
import type { Person } from './support/people.js';

// Real: the whole server over HTTP, its database and its event log.
describe("a participant's settings", () => {
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
    room = await world.group(ann, [bob]);
  });
  afterAll(() => world.close());

  const path = (person: Person, where = room): string => `${roomPath(where)}/participants/${person.id}`;
  const ownEvents = ({ id }: Person) => world.events(`members/${id}`);

  it('what somebody sets for themselves is told to themselves alone', async () => {
    const message = await send(bob, room, 'Hello');
    const before = [await world.roomEvents(room), await ownEvents(ann)];
    const changed = await made(bob.http.patch(path(bob), { muted: true }));
    expect(changed).toMatchObject({ community_member_id: bob.id, muted: true, archived: false, admin: false });
    expect(changed).toMatchObject({ last_read_message_id: message.id });
    expect((await ownEvents(bob)).at(-1)).toMatchObject({
      action: 'updated',
      type: 'participant',
      path: `/chat-rooms/${room.uuid}/participants/${bob.id}`,
      resource: changed,
    });
    expect((await see(bob, room)).current_participant).toEqual(changed);
    expect(await made(bob.http.patch(path(bob), { muted: false, archived: true }))).toMatchObject({
      muted: false,
      archived: true,
    });
    expect([await world.roomEvents(room), await ownEvents(ann)]).toEqual(before);
    expect(JSON.stringify(await made(ann.http.get(`${roomPath(room)}/participants`)))).not.toMatch(/muted|archived/);
  });

  it('no change is not told', async () => {
    const before = await ownEvents(bob);
    for (const nothing of [{}, { muted: false }, { archived: false }]) await made(bob.http.patch(path(bob), nothing));
    expect(await ownEvents(bob)).toEqual(before);
  });

  it('nobody mutes somebody else, whatever they administer', async () => {
    room = await world.group(ann, [bob, world.boss]);
    for (const who of [ann, world.boss]) {
      for (const settings of [{ muted: true }, { archived: true }, { muted: false, admin: true }]) {
        expect(await outcome(who.http.patch(path(bob), settings))).toEqual([403, 'participant.forbidden']);
      }
    }
    expect((await see(bob, room)).current_participant).toMatchObject({ muted: false, archived: false, admin: false });
  });

  it('those who administer a room say who else does, and the room is told', async () => {
    expect(await outcome(bob.http.patch(path(bob), { admin: true }))).toEqual([403, 'chat_room.forbidden']);
    expect(await outcome(bob.http.patch(path(ann), { admin: false }))).toEqual([403, 'chat_room.forbidden']);
    const own = await ownEvents(bob);
    const changed = await made<Record<string, unknown>>(ann.http.patch(path(bob), { admin: true }));
    expect(changed).toMatchObject({ community_member_id: bob.id, admin: true });
    for (const key of ['muted', 'archived', 'last_read_message_id']) expect(changed).not.toHaveProperty(key);
    expect((await world.roomEvents(room)).at(-1)).toMatchObject({
      action: 'updated',
      type: 'participant',
      path: `/chat-rooms/${room.uuid}/participants/${bob.id}`,
      resource: changed,
      author: { member: ann.id },
    });
    expect(await ownEvents(bob)).toEqual(own);
    await made(bob.http.patch(roomPath(room), { name: 'Ours' }));
    await made(ann.http.patch(path(ann), { admin: false }));
    expect(await outcome(ann.http.patch(roomPath(room), { name: 'Mine' }))).toEqual([403, 'chat_room.forbidden']);
    const direct = await world.direct(ann, bob);
    expect(await outcome(ann.http.patch(path(bob, direct), { admin: true }))).toEqual([
      400,
      'chat_room.direct_has_no_admin',
    ]);
    expect(await made(ann.http.patch(path(ann, direct), { muted: true }))).toMatchObject({ muted: true });
  });

  it('who comes back to a room is not muted', async () => {
    await made(bob.http.patch(path(bob), { muted: true }));
    await made(ann.http.delete(path(bob)));
    expect(await outcome(bob.http.patch(path(bob), { muted: false }))).toEqual([404, 'chat_room.not_found']);
    await made(ann.http.post(`${roomPath(room)}/participants`, { member_ids: [bob.id] }));
    expect((await see(bob, room)).current_participant).toMatchObject({ muted: false });
  });

  it('strangers learn nothing', async () => {
    expect(await outcome(cy.http.patch(path(cy), { muted: true }))).toEqual([404, 'chat_room.not_found']);
    expect(await outcome(cy.http.patch(path(bob), { admin: true }))).toEqual([404, 'chat_room.not_found']);
    expect(await outcome(ann.http.patch(path(cy), { admin: true }))).toEqual([404, 'participant.not_found']);
  });

  it.each<[string, object]>([
    ['a text', { muted: 'yes' }],
    ['null', { archived: null }],
    ['an unknown field', { can_send_message: true }],
    ['a list', []],
  ])('%s is refused', async (_what, body) => {
    expect(await outcome(bob.http.patch(path(bob), body))).toEqual([400, 'request.invalid']);
  });
});
