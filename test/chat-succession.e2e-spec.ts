import { ChatWorld, made, roomPath, type RoomRecord, see, story } from './chat.fixture.js';
import type { Person } from './support/people.js';

// Real: the whole server over HTTP, its database and its event log.
describe('a group whose last administrator leaves', () => {
  let world: ChatWorld;

  beforeAll(async () => {
    world = await ChatWorld.open();
  });
  afterAll(() => world.close());

  const place = ({ uuid }: RoomRecord, { id }: Person): string => `/api/chat-rooms/${uuid}/participants/${id}`;

  it('is administered by who has been there longest, and the room is told', async () => {
    const [ann, bob, cy, dan] = (await world.members(4)) as [Person, Person, Person, Person];
    const room = await world.group(ann, [bob, cy, dan]);
    // Bob was there first, but not all the time.
    await made(bob.http.delete(place(room, bob)));
    await made(ann.http.post(`${roomPath(room)}/participants`, { member_ids: [bob.id] }));
    await made(world.boss.http.post(`/api/members/${cy.id}/ban`));
    await made(ann.http.delete(place(room, ann)));
    const events = await world.roomEvents(room);
    expect(story(events).slice(-2)).toEqual(['deleted participant', 'updated participant']);
    expect(events.at(-1)).toMatchObject({ resource: { community_member_id: dan.id, admin: true } });
    expect((await see(dan, room)).current_participant).toMatchObject({ admin: true });
    expect((await see(bob, room)).current_participant).toMatchObject({ admin: false });
    await made(dan.http.patch(roomPath(room), { name: 'Ours' }));
  });

  it('while there is another one, or nobody is left, nobody is made one', async () => {
    const [ann, bob, cy] = (await world.members(3)) as [Person, Person, Person];
    const room = await world.group(ann, [bob, cy]);
    await made(ann.http.patch(place(room, cy), { admin: true }));
    for (const person of [ann, bob, cy]) await made(person.http.delete(place(room, person)));
    expect(story(await world.roomEvents(room)).slice(-4)).toEqual([
      'updated participant',
      'deleted participant',
      'deleted participant',
      'deleted participant',
    ]);
  });

  it('who is not an administrator leaves without a successor', async () => {
    const [ann, bob, cy] = (await world.members(3)) as [Person, Person, Person];
    const room = await world.group(ann, [bob, cy]);
    await made(bob.http.delete(place(room, bob)));
    expect(story(await world.roomEvents(room)).at(-1)).toBe('deleted participant');
  });
});
