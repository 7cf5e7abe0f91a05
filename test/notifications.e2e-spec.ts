import { at, inboxOf } from './support/chat.js';
import { act, countOf, idsOf, list, made, NotificationWorld, outcome, PATH } from './notifications.fixture.js';
import type { Person } from './support/people.js';

// Real: HTTP in, the stock Socket.IO client out, on two nodes where the services of the run allow it.
describe('notifications', () => {
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

  it('a notification shows who did what to what, and is new and unread', async () => {
    await made(bob.http.patch('/api/me', { avatar_url: 'https://example.com/bob.png' }));
    const sent = await world.notify(ann, {
      action: 'comment',
      display_action: 'commented on',
      action_web_url: 'https://example.com/posts/7',
      actor_member_id: bob.id,
      notification_group: 'following',
      notifiable_type: 'Comment',
      notifiable_id: 12,
      notifiable_title: 'On tea',
      parent_notifiable: { id: 7, type: 'Post' },
      space_id: 3,
      space_title: 'Kitchen',
      post_id: 7,
      parent_comment_id: 11,
    });
    expect(sent).toEqual({
      id: expect.any(Number) as number,
      action: 'comment',
      display_action: 'commented on',
      action_web_url: 'https://example.com/posts/7',
      actor_member_id: bob.id,
      actor_name: 'Bob',
      actor_image: 'https://example.com/bob.png',
      notifiable: {
        id: 12,
        community_id: 1,
        space_id: 3,
        post_id: 7,
        parent_comment_id: 11,
        chat_room_uuid: null,
        parent_message_id: null,
      },
      notifiable_id: 12,
      notifiable_type: 'Comment',
      notifiable_title: 'On tea',
      notification_group: 'following',
      notification_text_structure: ['Bob', 'commented on', 'On tea'],
      space_id: 3,
      space_title: 'Kitchen',
      is_new: true,
      read_at: null,
      archived_at: null,
      created_at: expect.stringMatching(/^\d{4}-.*Z$/) as string,
      updated_at: sent.created_at,
    });
    expect(await made(ann.http.get(`${PATH}/${sent.id}`))).toEqual(sent);
    const plain = await world.notify(ann);
    expect(plain).toMatchObject({
      actor_name: null,
      display_action: null,
      notification_text_structure: [],
      space_id: null,
    });
    expect((await list(ann)).records).toEqual([plain, sent]);
  });

  it('is told in the room of the one whose it is, and then the badge, to nobody else', async () => {
    const [anns, bobs] = [await world.device(ann), await world.device(bob)];
    const sent = await world.notify(ann, { notification_group: 'mentions' });
    await world.notify(bob);
    const [told, badge, ...more] = await anns.heard();
    expect(more).toEqual([]);
    expect(told).toMatchObject({
      action: 'created',
      type: 'notification',
      room: inboxOf(ann),
      path: `/notifications/${sent.id}`,
      resource: sent,
    });
    expect(badge).toMatchObject({
      id: told!.id + 1,
      action: 'updated',
      type: 'notification_count',
      resource: { new_notifications_count: 1, new_mentions_count: 1, new_inbox_count: 0 },
    });
    expect(await bobs.heardInShort()).toEqual(['created like', 'updated 1']);
  });

  it('new and read are two things', async () => {
    const sent = await world.notify(ann);
    expect(await made(ann.http.post(`${PATH}/reset_new_notifications_count`))).toEqual({
      new_notifications_count: 0,
      new_mentions_count: 0,
      new_inbox_count: 0,
    });
    const seen = await made<{ updated_at: string }>(ann.http.get(`${PATH}/${sent.id}`));
    expect(seen).toEqual({ ...sent, is_new: false, updated_at: seen.updated_at });
    expect(idsOf(await list(ann, '?status=unread'))).toEqual([sent.id]);
    await act(ann, sent.id, 'mark_as_read');
    expect(idsOf(await list(ann, '?status=unread'))).toEqual([]);
    expect(idsOf(await list(ann))).toEqual([sent.id]);
  });

  it('repeating a mark keeps the first time and is told once', async () => {
    const [one, two] = [await world.notify(ann), await world.notify(ann)];
    const device = await world.device(ann);
    for (const [{ id }, action, field] of [
      [one, 'mark_as_read', 'read_at'],
      [two, 'archive', 'archived_at'],
    ] as const) {
      const first = await act(ann, id, action);
      expect(first).toMatchObject({ is_new: false, [field]: expect.any(String) as string });
      const again = await Promise.all([act(ann, id, action), act(ann, id, action)]);
      expect(again).toEqual([first, first]);
    }
    const heard = await device.heard();
    expect(
      heard.map(({ type, action, resource }) => [type, action, resource.id ?? resource.new_notifications_count]),
    ).toEqual([
      ['notification', 'updated', one.id],
      ['notification_count', 'updated', 1],
      ['notification', 'updated', two.id],
      ['notification_count', 'updated', 0],
    ]);
    // What was archived unread can still be read; the badge has nothing to do with it.
    expect(await act(ann, two.id, 'mark_as_read')).toMatchObject({ archived_at: expect.any(String) as string });
    expect(await device.heardInShort()).toEqual(['updated like']);
  });

  it('what is archived is only in the archive, and what is deleted nowhere', async () => {
    const [kept, archived, deleted] = [await world.notify(ann), await world.notify(ann), await world.notify(ann)];
    const device = await world.device(ann);
    await act(ann, archived.id, 'archive');
    await made(ann.http.delete(`${PATH}/${deleted.id}`));
    expect(idsOf(await list(ann))).toEqual([kept.id]);
    expect(idsOf(await list(ann, '?status=unread'))).toEqual([kept.id]);
    expect(idsOf(await list(ann, '?status=archived'))).toEqual([archived.id]);
    expect(await countOf(ann)).toMatchObject({ new_notifications_count: 1 });
    const gone = await device.heard();
    expect(gone.slice(2)).toMatchObject([
      { action: 'deleted', type: 'notification', path: `/notifications/${deleted.id}`, resource: { id: deleted.id } },
      { action: 'updated', type: 'notification_count', resource: { new_notifications_count: 1 } },
    ]);
    expect(Object.keys(gone[2]!.resource)).toEqual(['id']);
    for (const [method, path] of [
      ['GET', ''],
      ['POST', '/mark_as_read'],
      ['POST', '/archive'],
      ['DELETE', ''],
    ] as const) {
      expect(await outcome(ann.http.send(method, `${PATH}/${deleted.id}${path}`))).toEqual([
        404,
        'notification.not_found',
      ]);
    }
    expect(await device.heard()).toEqual([]);
  });

  it('what another member has is 404', async () => {
    const sent = await world.notify(ann);
    const device = await world.device(ann);
    for (const who of [bob, world.boss]) {
      for (const [method, path] of [
        ['GET', ''],
        ['POST', '/mark_as_read'],
        ['POST', '/archive'],
        ['DELETE', ''],
      ] as const) {
        const reply = outcome(who.http.send(method, `${PATH}/${sent.id}${path}`));
        expect(await reply).toEqual([404, 'notification.not_found']);
      }
      await made(who.http.post(`${PATH}/mark_all_as_read`));
      await made(who.http.post(`${PATH}/reset_new_notifications_count`));
      expect((await list(who)).records).toEqual([]);
    }
    expect(await made(ann.http.get(`${PATH}/${sent.id}`))).toEqual(sent);
    expect(await device.heard()).toEqual([]);
  });

  it('a list goes page by page in both directions, as of one moment', async () => {
    const sent: number[] = [];
    for (let number = 0; number < 5; number += 1) {
      const notification_group = number % 2 ? 'mentions' : 'inbox';
      sent.push((await world.notify(ann, { notification_group })).id);
    }
    const latest = [...sent].reverse();
    const first = await list(ann, '?per_page=2');
    expect(first).toMatchObject({ page: 1, per_page: 2, has_next_page: true, count: 5, page_count: 3 });
    expect(idsOf(first)).toEqual(latest.slice(0, 2));
    const last = await list(ann, '?per_page=2&page=3&sort=latest');
    expect([idsOf(last), last.has_next_page]).toEqual([latest.slice(4), false]);
    expect(idsOf(await list(ann, '?per_page=2&page=2&sort=oldest'))).toEqual(sent.slice(2, 4));
    expect(await list(ann, '?page=9')).toMatchObject({ records: [], has_next_page: false, count: 5 });
    expect(idsOf(await list(ann, '?notification_group=mentions'))).toEqual([sent[3], sent[1]]);
    expect((await list(ann, '?notification_group=following')).records).toEqual([]);
    // From there on, the room tells the rest.
    await world.notify(ann, { action: 'rsvp' });
    const device = await world.device(ann);
    expect(await device.heard()).toEqual([]);
    expect((await list(ann)).position).toBe(first.position + 3);
  });

  it('the list brings the ticket of the own room, when it is asked to', async () => {
    expect(await list(ann)).not.toHaveProperty('websockets');
    const { websockets } = await list(ann, '?websockets=1');
    expect(websockets).toEqual([{ room: inboxOf(ann), token: expect.any(String) as string }]);
  });

  it('a device that was away hears what it missed, in order', async () => {
    const first = await world.notify(ann);
    const { position } = await list(ann);
    const second = await world.notify(ann);
    await act(ann, first.id, 'mark_as_read');
    await made(ann.http.delete(`${PATH}/${second.id}`));
    const device = await world.device(ann, 1, position);
    const missed = ['created like', 'updated 2', 'updated like', 'updated 1', 'deleted notification', 'updated 0'];
    expect(await device.heardInShort()).toEqual(missed);
  });

  it('a member on two nodes is one member', async () => {
    const [here, there] = [await world.device(ann, 0), await world.device(ann, 1)];
    const [one, two] = [await world.notify(ann), await world.notify(ann)];
    await act(at(world.nodes[1], ann), one.id, 'mark_as_read');
    await act(at(world.nodes[0], ann), two.id, 'archive');
    const told = [
      'created like',
      'updated 1',
      'created like',
      'updated 2',
      'updated like',
      'updated 1',
      'updated like',
      'updated 0',
    ];
    expect([await here.heardInShort(), await there.heardInShort()]).toEqual([told, told]);
  });
});
