import { ChatWorld, made, outcome, roomPath, type RoomRecord, see, send } from './chat.fixture.js';
import type { Person } from './support/people.js';

const placeOf = `SELECT xmin::text, * FROM chat_room_participants WHERE chat_room_id = $1 AND member_id = $2`;

// Real: the whole server over HTTP, its database and its event log.
describe('archived rooms', () => {
  let world: ChatWorld;
  let ann: Person;
  let bob: Person;
  let room: RoomRecord;

  beforeAll(async () => {
    world = await ChatWorld.open();
    [ann, bob] = [await world.member('Ann'), await world.member('Bob')];
  });
  beforeEach(async () => {
    room = await world.group(ann, [bob]);
  });
  afterAll(() => world.close());

  const archive = (archived: boolean) =>
    made<Record<string, unknown>>(bob.http.patch(`${roomPath(room)}/participants/${bob.id}`, { archived }));
  /** In the usual list, among the archived, in both. */
  const shownIn = async (): Promise<boolean[]> =>
    Promise.all(
      ['', '&archived=true', '&archived=all'].map(async (query) => {
        const { records } = await made<{ records: RoomRecord[] }>(bob.http.get(`/api/chat-rooms?limit=100${query}`));
        return records.some(({ uuid }) => uuid === room.uuid);
      }),
    );

  it('are out of the list until the next root message, which writes nothing about it', async () => {
    const root = await send(ann, room, 'Before');
    expect(await shownIn()).toEqual([true, false, true]);
    expect(await archive(true)).toMatchObject({ archived: true });
    await send(ann, room, 'A reply is no reason', { parent_message_id: root.id });
    expect(await shownIn()).toEqual([false, true, true]);
    expect((await see(bob, room)).current_participant).toMatchObject({ archived: true });
    const before = await world.ownEvents(bob);
    const [row] = await world.sql<{ xmin: string }>(placeOf, [room.id, bob.id]);
    const next = await send(ann, room, 'Here we are again');
    expect(await shownIn()).toEqual([true, false, true]);
    expect((await see(bob, room)).current_participant).toMatchObject({ archived: false });
    expect(await world.ownEvents(bob)).toEqual(before);
    expect(await world.sql(placeOf, [room.id, bob.id])).toEqual([row]);
    // What that message did is not undone by its end.
    await made(ann.http.delete(`${roomPath(room)}/messages/${next.id}`));
    expect(await shownIn()).toEqual([true, false, true]);
  });

  it('can be archived again, and each change that the member sees is told once', async () => {
    const since = (await world.ownEvents(bob)).length;
    for (const _time of [1, 2]) await archive(true);
    await send(ann, room, 'Hello');
    expect(await archive(false)).toMatchObject({ archived: false });
    for (const _time of [1, 2]) expect(await archive(true)).toMatchObject({ archived: true });
    expect(await shownIn()).toEqual([false, true, true]);
    for (const _time of [1, 2]) await archive(false);
    expect(await shownIn()).toEqual([true, false, true]);
    const told = (await world.ownEvents(bob)).slice(since).map(({ action, resource }) => [action, resource?.archived]);
    expect(told).toEqual([
      ['updated', true],
      ['updated', true],
      ['updated', false],
    ]);
  });

  it('are archived for one member alone', async () => {
    await archive(true);
    expect((await see(ann, room)).current_participant).toMatchObject({ archived: false });
    expect(await outcome(bob.http.get('/api/chat-rooms?archived=1'))).toEqual([400, 'request.invalid']);
  });
});
