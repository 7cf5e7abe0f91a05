import { act, countOf, idsOf, list, made, mentioning, NotificationWorld, PATH } from './notifications.fixture.js';
import { at, openGroup, type RoomRecord, send } from './support/chat.js';
import type { Person } from './support/people.js';

const NOTHING = { new_notifications_count: 0, new_mentions_count: 0, new_inbox_count: 0 };

// Real: HTTP in, the stock Socket.IO client out, on two nodes where the services of the run allow it.
describe('marks of all notifications', () => {
  let world: NotificationWorld;
  let ann: Person;
  let bob: Person;

  beforeAll(async () => {
    world = await NotificationWorld.open();
  });
  beforeEach(async () => {
    [ann, bob] = (await world.people('Ann', 'Bob')) as [Person, Person];
  });
  afterEach(() => world.closeDevices());
  afterAll(() => world.close());

  const reset = (person: Person): Promise<unknown> => made(person.http.post(`${PATH}/reset_new_notifications_count`));
  const markAll = (person: Person, filter: object = {}): Promise<unknown> =>
    made(person.http.post(`${PATH}/mark_all_as_read`, filter));
  const unread = async (person: Person): Promise<number[]> => idsOf(await list(person, '?status=unread&sort=oldest'));

  it('a reset empties the badge and leaves the rest unread, and is told even if it was empty already', async () => {
    const sent = [await world.notify(ann), await world.notify(ann, { notification_group: 'mentions' })];
    const device = await world.device(ann, 1);
    expect(await reset(ann)).toEqual(NOTHING);
    expect(await reset(ann)).toEqual(NOTHING);
    expect(await countOf(ann)).toEqual(NOTHING);
    expect(await unread(ann)).toEqual(sent.map(({ id }) => id));
    const heard = await device.heard();
    expect(heard).toMatchObject([
      { action: 'reset', type: 'notification_count', resource: NOTHING },
      { action: 'reset', type: 'notification_count', resource: NOTHING },
    ]);
    // What comes next is counted from there.
    await world.notify(ann);
    expect(await device.heardInShort()).toEqual(['created like', 'updated 1']);
  });

  it('marking all as read resets the badge; doing it again changes nothing but is told again', async () => {
    const [first, second] = [await world.notify(ann), await world.notify(ann)];
    const before = await act(ann, first.id, 'mark_as_read');
    await act(ann, (await world.notify(ann)).id, 'archive');
    const device = await world.device(ann, 1);
    expect(await markAll(ann)).toEqual(NOTHING);
    expect(await unread(ann)).toEqual([]);
    expect((await list(ann, '?status=archived')).records).toMatchObject([{ read_at: expect.any(String) as string }]);
    const after = await made<Record<string, unknown>>(ann.http.get(`${PATH}/${second.id}`));
    expect(await made(ann.http.get(`${PATH}/${first.id}`))).toEqual(before);
    await markAll(ann);
    expect(await made(ann.http.get(`${PATH}/${second.id}`))).toEqual(after);
    expect(await device.heard()).toMatchObject([
      {
        action: 'read',
        type: 'notifications',
        path: '/notifications',
        resource: { notification_type: null, parent_notifiable: null, read_at: after.read_at },
      },
      { action: 'reset', type: 'notification_count', resource: NOTHING },
      { action: 'reset', type: 'notification_count', resource: NOTHING },
    ]);
  });

  it('with a group, only that group is marked, and the badge is told as it is then', async () => {
    const kept = await world.notify(ann);
    for (const _each of [1, 2]) await world.notify(ann, { notification_group: 'mentions' });
    const device = await world.device(ann);
    const left = { new_notifications_count: 1, new_mentions_count: 0, new_inbox_count: 1 };
    expect(await markAll(ann, { notification_type: 'mentions' })).toEqual(left);
    expect(await unread(ann)).toEqual([kept.id]);
    expect(await device.heard()).toMatchObject([
      { action: 'read', type: 'notifications', resource: { notification_type: 'mentions', parent_notifiable: null } },
      { action: 'updated', type: 'notification_count', resource: left },
    ]);
    expect(await markAll(ann, { notification_type: 'mentions' })).toEqual(left);
    expect(await markAll(ann, { notification_type: 'following', parent_notifiable: null })).toEqual(left);
    expect(await device.heard()).toEqual([]);
    // Read, but not new any more: the badge stays.
    await reset(ann);
    await markAll(ann, { notification_type: 'inbox' });
    expect(await device.heardInShort()).toEqual(['reset 0', 'read notifications']);
  });

  it('with a chat room, only what was said there is marked', async () => {
    const rooms = [await openGroup(bob, [ann]), await openGroup(bob, [ann])] as [RoomRecord, RoomRecord];
    for (const room of rooms) await send(bob, room, '', { rich_text_body: mentioning(ann) });
    const device = await world.device(ann);
    await markAll(ann, { parent_notifiable: { type: 'ChatRoom', id: rooms[0].id } });
    await markAll(ann, { parent_notifiable: { type: 'Post', id: rooms[1].id } });
    await markAll(ann, { notification_type: 'inbox', parent_notifiable: { type: 'ChatRoom', id: rooms[1].id } });
    expect((await list(ann, '?status=unread')).records).toMatchObject([
      { notifiable: { chat_room_uuid: rooms[1].uuid } },
    ]);
    expect(await device.heardInShort()).toEqual(['read notifications', 'updated 1']);
  });

  it('marks are for oneself', async () => {
    await world.notify(ann);
    const device = await world.device(ann);
    for (const who of [bob, world.boss]) await Promise.all([reset(who), markAll(who)]);
    expect(await device.heard()).toEqual([]);
    expect((await countOf(ann)).new_notifications_count).toBe(1);
  });

  it('two devices see the same count, whichever of them does what', async () => {
    const devices = [await world.device(ann, 0), await world.device(ann, 1)] as const;
    const [here, there] = world.nodes.map((node) => at(node, ann)) as [Person, Person];
    const sent: number[] = [];
    for (const group of ['inbox', 'mentions', 'following']) {
      sent.push((await world.notify(ann, { notification_group: group })).id);
    }
    await act(there, sent[0]!, 'mark_as_read');
    await act(here, sent[1]!, 'archive');
    await reset(there);
    await world.notify(ann);
    await markAll(here);
    const story = await Promise.all(devices.map((device) => device.heardInShort()));
    const created = ['created like', 'updated 1', 'created like', 'updated 2', 'created like', 'updated 3'];
    const marked = ['updated like', 'updated 2', 'updated like', 'updated 1', 'reset 0'];
    const rest = ['created like', 'updated 1', 'read notifications', 'reset 0'];
    expect(story[0]).toEqual([...created, ...marked, ...rest]);
    expect(story[1]).toEqual(story[0]);
    expect([await countOf(here), await countOf(there)]).toEqual([NOTHING, NOTHING]);
  });
});
