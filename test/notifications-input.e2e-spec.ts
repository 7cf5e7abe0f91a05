import { randomUUID } from 'node:crypto';
import { list, made, NotificationWorld, outcome, PATH } from './notifications.fixture.js';
import type { Person } from './support/people.js';

// Real: HTTP in and out.
describe('requests about notifications', () => {
  let world: NotificationWorld;
  let ann: Person;
  let bob: Person;

  beforeAll(async () => {
    world = await NotificationWorld.open();
    [ann, bob] = (await world.people('Ann', 'Bob')) as [Person, Person];
  });
  afterAll(() => world.close());

  it('an API key has no notifications', async () => {
    const { api_key } = await made<{ api_key: string }>(world.boss.http.post('/api/api-keys', { ignore_acl: true }));
    const program = world.server.http.with({ 'x-api-key': api_key });
    for (const [method, path] of [
      ['GET', ''],
      ['GET', '?websockets=1'],
      ['GET', '/1'],
      ['GET', '/new_notifications_count'],
      ['POST', '/reset_new_notifications_count'],
      ['POST', '/mark_all_as_read'],
      ['POST', '/1/mark_as_read'],
      ['POST', '/1/archive'],
      ['DELETE', '/1'],
    ] as const) {
      const body = path === '/mark_all_as_read' ? {} : undefined;
      const reply = await outcome(program.send(method, `${PATH}${path}`, body));
      expect([method, path, ...reply]).toEqual([method, path, 403, 'member.members_only']);
    }
  });

  describe('an administrator', () => {
    it('notifies members of their workspace; nobody else does', async () => {
      const body = { action: 'rsvp', notifiable_type: 'Event', notifiable_id: 1 };
      const path = `/api/members/${ann.id}/notifications`;
      expect(await outcome(bob.http.post(path, body))).toEqual([403, 'auth.administrators_only']);
      expect(await outcome(ann.http.post(path, body))).toEqual([403, 'auth.administrators_only']);
      const gone = await world.person('Gone');
      await made(world.boss.http.delete(`/api/members/${gone.id}`));
      const banned = await world.person('Banned');
      await made(world.boss.http.post(`/api/members/${banned.id}/ban`));
      for (const id of [gone.id, banned.id, 999_999]) {
        const reply = outcome(world.boss.http.post(`/api/members/${id}/notifications`, body));
        expect(await reply).toEqual([404, 'member.not_found']);
        const actor = outcome(world.boss.http.post(path, { ...body, actor_member_id: id }));
        expect(await actor).toEqual([400, 'notification.actor_unknown']);
      }
      expect((await list(ann)).records).toEqual([]);
    });

    it('who tries again with the same key notifies once', async () => {
      const keyed = world.boss.http.with({ 'idempotency-key': randomUUID() });
      const body = { action: 'rsvp', notifiable_type: 'Event', notifiable_id: 1 };
      const path = `/api/members/${ann.id}/notifications`;
      const [first, again] = [await keyed.post(path, body), await keyed.post(path, body)];
      expect([first.status, again.status, again.body]).toEqual([201, 201, first.body]);
      expect((await list(ann)).count).toBe(1);
    });

    it.each<[string, object]>([
      ['no action', { action: undefined }],
      ['an action that is no word', { action: 'Like this' }],
      ['a group that is no word', { notification_group: 'In box' }],
      ['no kind', { notifiable_type: undefined }],
      ['a kind that is none', { notifiable_type: 'a post' }],
      ['an id that is a text', { notifiable_id: '7' }],
      ['an address that is none', { action_web_url: 'javascript:alert(1)' }],
      ['half a parent', { parent_notifiable: { id: 1 } }],
      ['a NUL', { notifiable_title: '\0' }],
      ['an unknown field', { is_new: false }],
    ])('is refused with %s', async (_what, more) => {
      const body = { action: 'like', notifiable_type: 'Post', notifiable_id: 7, ...more };
      const reply = world.boss.http.post(`/api/members/${ann.id}/notifications`, body);
      expect(await outcome(reply)).toEqual([400, 'request.invalid']);
    });
  });

  it.each([
    '?page=0',
    '?page=1.5',
    '?page=9999999',
    '?per_page=0',
    '?per_page=101',
    '?sort=newest',
    '?status=read',
    '?notification_group=',
    '?websockets=yes',
    '?limit=1',
    '?page=1&page=2',
  ])('a list with %s is refused', async (query) => {
    expect(await outcome(ann.http.get(`${PATH}${query}`))).toEqual([400, 'request.invalid']);
  });

  it.each<[string, object]>([
    ['an unknown field', { all: true }],
    ['a group that is no word', { notification_type: 'In box' }],
    ['a parent without a kind', { parent_notifiable: { id: 1 } }],
    ['a parent without an id', { parent_notifiable: { type: 'Post' } }],
    ['a list', []],
  ])('marking all as read with %s is refused', async (_what, body) => {
    expect(await outcome(ann.http.post(`${PATH}/mark_all_as_read`, body))).toEqual([400, 'request.invalid']);
  });

  it.each(['0', '-1', 'x', '1.5', '9'.repeat(16), 'new_notifications_counts'])('the id %s is refused', async (id) => {
    expect(await outcome(ann.http.get(`${PATH}/${id}`))).toEqual([400, 'request.invalid']);
    expect(await outcome(ann.http.post(`${PATH}/${id}/archive`))).toEqual([400, 'request.invalid']);
  });
});
