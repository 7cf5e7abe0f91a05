import { ChatWorld, made, outcome, roomPath, type RoomRecord, see } from './chat.fixture.js';
import type { Person } from './support/people.js';

// Real: the whole server over HTTP, its database and its event log.
describe('embedded rooms', () => {
  let world: ChatWorld;
  let ann: Person;
  let bob: Person;
  let parentId = 1000;

  beforeAll(async () => {
    world = await ChatWorld.open();
    [ann, bob] = [await world.member('Ann'), await world.member('Bob')];
  });
  afterAll(() => world.close());

  const parent = (parent_type = 'Space') => ({ parent_type, parent_id: (parentId += 1) });
  const wanted = (more: object) => ({ kind: 'group_chat', member_ids: [ann.id], ...more });
  const listed = async (person: Person, query = ''): Promise<string[]> => {
    const { records } = await made<{ records: RoomRecord[] }>(person.http.get(`/api/chat-rooms?limit=100${query}`));
    return records.map(({ uuid }) => uuid);
  };

  it.each([
    ['Space', 'space', false],
    ['LiveRoom', 'live-room', false],
    ['Lesson', 'lesson', true],
  ])('a %s has a room of its own', async (type, name, isLesson) => {
    const { parent_type, parent_id } = parent(type);
    const room = await world.group(world.boss, [ann], { parent_type, parent_id });
    expect(room).toMatchObject({
      identifier: `${name}-group-chat-${parent_id}`,
      is_embedded: true,
      parent_type: type,
      parent_id,
      lesson_id: isLesson ? parent_id : null,
      current_participant: { admin: true },
    });
    const again = world.boss.http.post('/api/chat-rooms', wanted({ parent_type, parent_id }));
    expect(await outcome(again)).toEqual([409, 'chat_room.embedded_exists']);
    // Another kind of thing may have the same number.
    const other = type === 'Space' ? 'LiveRoom' : 'Space';
    await world.group(world.boss, [], { parent_type: other, parent_id });
  });

  it('of two at the same time one is made', async () => {
    const body = wanted(parent());
    const replies = await Promise.all([1, 2, 3].map(() => world.boss.http.post('/api/chat-rooms', body)));
    expect(replies.map(({ status }) => status).sort()).toEqual([201, 409, 409]);
  });

  it('is told of in the inbox, but stands in the list only when it is asked for', async () => {
    const [plain, embedded] = [await world.group(ann, [bob]), await world.group(world.boss, [ann], parent())];
    const told = (await world.events(`members/${ann.id}`)).at(-1)!;
    expect(told).toMatchObject({ action: 'created', type: 'chat_room', resource: { is_embedded: true } });
    expect(await see(ann, embedded)).toMatchObject({ uuid: embedded.uuid });
    const [usual, only, all] = [
      await listed(ann),
      await listed(ann, '&embedded=true'),
      await listed(ann, '&embedded=all'),
    ];
    expect([usual.includes(plain.uuid), usual.includes(embedded.uuid)]).toEqual([true, false]);
    expect([only.includes(plain.uuid), only.includes(embedded.uuid)]).toEqual([false, true]);
    expect([...all].sort()).toEqual([...usual, ...only].sort());
    expect(await outcome(ann.http.get('/api/chat-rooms?embedded=maybe'))).toEqual([400, 'request.invalid']);
  });

  it('administrators of the workspace make and end it, others do not, even if they lead it', async () => {
    expect(await outcome(bob.http.post('/api/chat-rooms', wanted(parent())))).toEqual([
      403,
      'chat_room.embedded_for_administrators',
    ]);
    const room = await world.group(world.boss, [ann], parent());
    await made(world.boss.http.patch(`${roomPath(room)}/participants/${ann.id}`, { admin: true }));
    const END = [403, 'chat_room.embedded_for_administrators'];
    expect(await outcome(ann.http.delete(roomPath(room)))).toEqual(END);
    await made(world.boss.http.delete(roomPath(room)));
    expect(await outcome(ann.http.get(roomPath(room)))).toEqual([404, 'chat_room.not_found']);
  });

  it('which nobody is in any more makes place for a new one', async () => {
    const where = parent('Lesson');
    const room = await world.group(world.boss, [], where);
    await made(world.boss.http.delete(`${roomPath(room)}/participants/${world.boss.id}`));
    expect((await world.group(world.boss, [ann], where)).uuid).not.toBe(room.uuid);
  });

  it.each<[string, object, string]>([
    ['a parent without its number', { parent_type: 'Space' }, 'request.invalid'],
    ['a number without its kind', { parent_id: 7 }, 'request.invalid'],
    ['an unknown kind', { parent_type: 'Post', parent_id: 7 }, 'request.invalid'],
    ['a number beyond all numbers', { parent_type: 'Space', parent_id: 2 ** 53 }, 'request.invalid'],
    ['a text for a number', { parent_type: 'Space', parent_id: '7' }, 'request.invalid'],
    ['number 0', { parent_type: 'Space', parent_id: 0 }, 'request.invalid'],
    ['a room for two', { kind: 'direct', parent_type: 'Space', parent_id: 7 }, 'chat_room.embedded_is_group'],
  ])('with %s is refused', async (_what, more, code) => {
    expect(await outcome(world.boss.http.post('/api/chat-rooms', wanted(more)))).toEqual([400, code]);
  });

  it('null for both is a room like any other', async () => {
    const room = await world.group(ann, [bob], { parent_type: null, parent_id: null });
    expect(room).toMatchObject({ is_embedded: false, parent_type: null, parent_id: null });
  });
});
