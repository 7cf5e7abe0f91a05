import { countOf, haveOf as have, list, made, mentioning, NotificationWorld } from './notifications.fixture.js';
import {
  addTo,
  type MessageRecord,
  openDirect,
  openGroup,
  removeFrom,
  roomOf,
  type RoomRecord,
  send,
} from './support/chat.js';
import type { Person } from './support/people.js';

// Real: HTTP in, the stock Socket.IO client out, on two nodes where the services of the run allow it.
describe('notifications of what is said in chat rooms', () => {
  let world: NotificationWorld;
  let ann: Person;
  let bob: Person;
  let cy: Person;
  let dan: Person;
  let room: RoomRecord;

  beforeAll(async () => {
    world = await NotificationWorld.open();
  });
  beforeEach(async () => {
    [ann, bob, cy, dan] = (await world.people('Ann', 'Bob', 'Cy', 'Dan')) as [Person, Person, Person, Person];
    room = await openGroup(ann, [bob, cy], { name: 'Crew' });
  });
  afterEach(() => world.closeDevices());
  afterAll(() => world.close());

  const mention = (author: Person, people: Person[], more: object = {}): Promise<MessageRecord> =>
    send(author, room, '', { rich_text_body: mentioning(...people), ...more });
  const edit = ({ id }: MessageRecord, ...people: Person[]): Promise<MessageRecord> =>
    made(ann.http.patch(`/api${roomOf(room)}/messages/${id}`, { rich_text_body: mentioning(...people) }));
  const remove = (who: Person, { id }: MessageRecord): Promise<unknown> =>
    made(who.http.delete(`/api${roomOf(room)}/messages/${id}`));

  it('a mention notifies once', async () => {
    const device = await world.device(bob, 1);
    const message = await mention(ann, [bob, bob]);
    expect(await device.heardInShort()).toEqual(['created mention', 'updated 1']);
    const { records } = await list(bob);
    expect(records).toMatchObject([
      {
        action: 'mention',
        display_action: 'mentioned you in',
        actor_name: 'Ann',
        actor_member_id: ann.id,
        notification_group: 'mentions',
        notifiable_type: 'ChatRoomMessage',
        notifiable_id: message.id,
        notifiable_title: 'Crew',
        notifiable: { id: message.id, community_id: 1, chat_room_uuid: room.uuid, parent_message_id: null },
        notification_text_structure: ['Ann', 'mentioned you in', 'Crew'],
        is_new: true,
        read_at: null,
      },
    ]);
    expect(await countOf(bob)).toEqual({ new_notifications_count: 1, new_mentions_count: 1, new_inbox_count: 0 });
  });

  it('the author hears nothing, and neither does anybody else', async () => {
    const devices = [await world.device(ann), await world.device(cy), await world.device(dan)];
    await mention(ann, [ann, bob]);
    await mention(ann, [dan]);
    for (const device of devices) expect(await device.heard()).toEqual([]);
    expect(await have(bob)).toHaveLength(1);
  });

  it('a message that mentions nobody notifies nobody, in a direct room as little as in a group', async () => {
    const direct = await openDirect(ann, bob);
    const device = await world.device(bob);
    await send(ann, direct, 'hello @Bob');
    await send(ann, room, 'hello');
    expect(await device.heard()).toEqual([]);
    await send(ann, direct, '', { rich_text_body: mentioning(bob) });
    const [record] = (await list(bob)).records;
    expect(record).toMatchObject({ notifiable_title: null, notification_text_structure: ['Ann', 'mentioned you'] });
  });

  it("a reply notifies the thread's other people", async () => {
    await addTo(ann, room, dan);
    const root = await mention(ann, [dan]);
    const first = await send(bob, room, 'a reply', { parent_message_id: root.id });
    expect(await have(ann)).toEqual([['reply', first.id]]);
    const device = await world.device(ann, 1);
    // A reply to a reply belongs to the same thread.
    const second = await send(ann, room, 'another', { parent_message_id: first.id });
    const third = await mention(bob, [cy], { parent_message_id: root.id });
    const fourth = await mention(cy, [bob], { parent_message_id: root.id });
    expect(await have(ann)).toEqual([
      ['reply', first.id],
      ['reply', third.id],
      ['reply', fourth.id],
    ]);
    expect(await have(bob)).toEqual([
      ['reply', second.id],
      ['mention', fourth.id],
    ]);
    expect(await have(cy)).toEqual([['mention', third.id]]);
    expect(await have(dan)).toEqual([
      ['mention', root.id],
      ['reply', first.id],
      ['reply', second.id],
      ['reply', third.id],
      ['reply', fourth.id],
    ]);
    expect(await device.heardInShort()).toEqual(['created reply', 'updated 2', 'created reply', 'updated 3']);
    expect((await list(dan)).records[0]).toMatchObject({
      action: 'reply',
      notification_group: 'inbox',
      notification_text_structure: ['Cy', 'replied to a thread in', 'Crew'],
      notifiable: { parent_message_id: root.id },
    });
    expect(await countOf(dan)).toEqual({ new_notifications_count: 5, new_mentions_count: 1, new_inbox_count: 4 });
  });

  it('who has nothing left in a thread is out of it', async () => {
    const root = await mention(ann, [cy]);
    const reply = await send(bob, room, 'a reply', { parent_message_id: root.id });
    await remove(bob, reply);
    await edit(root, dan);
    const last = await send(ann, room, 'alone', { parent_message_id: root.id });
    expect([await have(bob), await have(cy)]).toEqual([[], [['mention', root.id]]]);
    await send(cy, room, 'me too', { parent_message_id: root.id });
    expect(await have(ann)).toHaveLength(1);
    expect(last.id).toBeGreaterThan(root.id);
  });

  it('muted people hear nothing', async () => {
    const root = await mention(bob, []);
    const path = `/api${roomOf(room)}/participants/${bob.id}`;
    await made(bob.http.patch(path, { muted: true }));
    const device = await world.device(bob);
    await mention(ann, [bob, cy]);
    const reply = await mention(ann, [cy], { parent_message_id: root.id });
    expect(await device.heard()).toEqual([]);
    expect(await have(cy)).toHaveLength(2);
    // It concerns what is said from then on.
    await made(bob.http.patch(path, { muted: false }));
    expect(await have(bob)).toEqual([]);
    const later = await send(cy, room, 'now', { parent_message_id: reply.id });
    expect(await have(bob)).toEqual([['reply', later.id]]);
  });

  it('people outside of the room hear nothing, whether they left or never came', async () => {
    const root = await mention(bob, [cy]);
    await send(cy, room, 'a reply', { parent_message_id: root.id });
    await removeFrom(ann, room, cy);
    const before = await have(cy);
    const device = await world.device(cy);
    await mention(ann, [cy, dan], { parent_message_id: root.id });
    await made(ann.http.patch(`/api${roomOf(room)}`, { name: 'Secret' }));
    expect(await device.heard()).toEqual([]);
    expect([await have(cy), await have(dan)]).toEqual([before, []]);
    expect(JSON.stringify(await list(cy))).not.toContain('Secret');
  });

  it('members who are gone or banned are not notified, and stop nobody', async () => {
    const [gone, banned] = (await world.people('Gone', 'Banned')) as [Person, Person];
    await addTo(ann, room, gone, banned);
    await made(world.boss.http.delete(`/api/members/${gone.id}`));
    await made(world.boss.http.post(`/api/members/${banned.id}/ban`));
    await mention(ann, [gone, banned, bob]);
    await made(world.boss.http.delete(`/api/members/${banned.id}/ban`));
    expect([await have(bob), await have(banned)]).toEqual([[expect.anything()], []]);
  });

  it('who does not see a message is not told of it: an edit of what was said before they came', async () => {
    room = await openGroup(ann, [bob], { show_history: false });
    const before = await mention(ann, []);
    await addTo(ann, room, cy);
    const after = await mention(ann, []);
    await edit(before, bob, cy);
    await edit(after, bob, cy);
    expect(await have(bob)).toEqual([
      ['mention', before.id],
      ['mention', after.id],
    ]);
    expect(await have(cy)).toEqual([['mention', after.id]]);
  });

  it('the first message of a new room may mention too', async () => {
    const opened = await openGroup(ann, [bob], { rich_text_body: mentioning(bob, cy) });
    expect((await list(bob)).records).toMatchObject([
      { action: 'mention', notifiable: { chat_room_uuid: opened.uuid } },
    ]);
    expect(await have(cy)).toEqual([]);
  });

  it('a room that ends takes its notifications with it, and the badge follows', async () => {
    const other = await openGroup(ann, [bob]);
    await send(ann, other, '', { rich_text_body: mentioning(bob) });
    const root = await mention(ann, [bob, cy]);
    await mention(ann, [bob]);
    await send(cy, room, 'A reply', { parent_message_id: root.id });
    await removeFrom(ann, room, cy);
    await world.notify(bob, { notifiable_type: 'Post' });
    const [first] = (await list(bob, '?sort=oldest')).records.slice(1);
    await made(bob.http.post(`/api/notifications/${first!.id}/archive`));
    expect(await countOf(bob)).toMatchObject({ new_notifications_count: 4, new_mentions_count: 2 });
    const device = await world.device(bob);
    await made(ann.http.delete(`/api${roomOf(room)}`));
    expect(await device.heardInShort()).toEqual([
      'deleted notification',
      'deleted notification',
      'deleted notification',
      'updated 2',
    ]);
    expect((await have(bob)).map(([action]) => action)).toEqual(['mention', 'like']);
    expect((await list(bob, '?status=archived')).records).toEqual([]);
    for (const person of [ann, cy]) expect(await have(person)).toEqual([]);
    expect(await countOf(bob)).toMatchObject({ new_notifications_count: 2, new_mentions_count: 1 });
  });
});
