import { Injectable, Module } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { conflict } from '../src/common/domain-error.js';
import { ACCESS_STREAM } from '../src/events/access-changes.js';
import type { DomainEvent } from '../src/events/domain-event.js';
import { EventLog } from '../src/events/event-log.js';
import { type GroupDeletionListener, GroupMemberships, OnGroupDeletion } from '../src/modules/groups/index.js';
import type { HttpClient } from './support/http-client.js';
import { logIn, PASSWORD, type Person, register } from './support/people.js';
import { startServer, type TestServer } from './support/start-server.js';

const ADMIN_EMAIL = 'boss@example.com';

/** Something that refers to groups, as channels do. */
@Injectable()
@OnGroupDeletion()
class Referrer implements GroupDeletionListener {
  readonly released: number[] = [];
  refuse = false;

  async beforeGroupDeletion(groupId: number, manager: EntityManager): Promise<void> {
    const rows: unknown[] = await manager.query('SELECT 1 FROM groups WHERE id = $1', [groupId]);
    if (this.refuse || rows.length !== 1) throw conflict('thing.busy', 'Not now');
    this.released.push(groupId);
  }
}

@Module({ providers: [Referrer] })
class ReferrerModule {}

type Rec = Record<string, unknown>;
interface Page {
  records: Rec[];
  has_next_page: boolean;
}

// Real: the whole server over HTTP, its database and its event log.
describe('groups and API keys', () => {
  let server: TestServer;
  let boss: Person;
  let ada: Person;
  let bob: Person;

  beforeAll(async () => {
    server = await startServer({ env: { ADMIN_EMAIL, ADMIN_PASSWORD: PASSWORD }, modules: [ReferrerModule] });
    boss = await logIn(server.http, ADMIN_EMAIL, PASSWORD);
    ada = await register(server.http, 'Ada');
    bob = await register(server.http, 'Bob');
  });
  afterAll(() => server.close());

  const outcome = async (reply: Promise<{ status: number; body: unknown }>): Promise<[number, string | undefined]> => {
    const { status, body } = await reply;
    return [status, (body as { error?: { code: string } }).error?.code];
  };
  const makeGroup = async (label = 'Crew'): Promise<number> =>
    (await boss.http.post<{ id: number }>('/api/groups', { label })).body.id;
  const groupIdsOf = (person: Person): Promise<number[]> => server.app.get(GroupMemberships).groupIdsOf(person.id);
  const lastEvents = async (stream: string, count: number): Promise<DomainEvent[]> =>
    (await server.app.get(EventLog).history(stream, { limit: count })).reverse();
  const newKey = async (flags: Rec = {}): Promise<{ id: number; http: HttpClient; key: string }> => {
    const { body } = await boss.http.post<{ id: number; api_key: string }>('/api/api-keys', flags);
    return { id: body.id, key: body.api_key, http: server.http.with({ 'x-api-key': body.api_key }) };
  };

  describe('a group', () => {
    it('is made and changed by administrators, and seen by everybody', async () => {
      const made = await boss.http.post('/api/groups', { label: ' Crew ', name: 'crew-1' });
      expect(made).toMatchObject({ status: 201, body: { label: 'Crew', name: 'crew-1', description: '' } });
      const path = `/api/groups/${String(made.body.id)}`;
      const changed = await boss.http.patch(path, { label: 'The crew', description: 'Us' });
      expect(changed).toMatchObject({ status: 200, body: { label: 'The crew', name: 'crew-1', description: 'Us' } });
      expect((await ada.http.get(path)).body).toEqual(changed.body);
      expect((await ada.http.get<Page>('/api/groups')).body.records).toContainEqual(changed.body);
      expect(await outcome(ada.http.post('/api/groups', { label: 'Mine' }))).toEqual([403, 'group.forbidden']);
      expect(await outcome(ada.http.patch(path, { label: 'Mine' }))).toEqual([403, 'group.forbidden']);
      expect(await outcome(ada.http.delete(path))).toEqual([403, 'group.forbidden']);
      expect(await outcome(ada.http.post(`${path}/members`, { member_id: ada.id }))).toEqual([403, 'group.forbidden']);
    });

    it('has a name that no other has', async () => {
      expect(await outcome(boss.http.post('/api/groups', { label: 'A', name: 'taken' }))).toEqual([201, undefined]);
      expect(await outcome(boss.http.post('/api/groups', { label: 'B', name: 'taken' }))).toEqual([
        409,
        'group.name_taken',
      ]);
      const other = await makeGroup();
      expect(await outcome(boss.http.patch(`/api/groups/${other}`, { name: 'taken' }))).toEqual([
        409,
        'group.name_taken',
      ]);
    });

    it.each([{}, { label: '' }, { label: 'a\0' }, { label: 'a', name: 'No Slug' }, { label: 'a', x: 1 }, { label: 7 }])(
      'is not made from %j',
      async (body) => {
        expect(await outcome(boss.http.post('/api/groups', body))).toEqual([400, 'request.invalid']);
      },
    );

    it('that does not exist is not found', async () => {
      for (const reply of [
        boss.http.get('/api/groups/999999'),
        boss.http.patch('/api/groups/999999', {}),
        boss.http.delete('/api/groups/999999'),
        boss.http.get('/api/groups/999999/members'),
        boss.http.post('/api/groups/999999/members', { member_id: ada.id }),
      ]) {
        expect(await outcome(reply)).toEqual([404, 'group.not_found']);
      }
      expect(await outcome(boss.http.get('/api/groups/99999999999999999999'))).toEqual([400, 'request.invalid']);
    });
  });

  describe('a membership', () => {
    it('begins and ends with an event for the member, whose sessions are looked at again', async () => {
      const id = await makeGroup();
      const path = `/api/groups/${id}/members`;
      const added = await boss.http.post<Page>(path, { member_ids: [ada.id, bob.id, ada.id] });
      expect([added.status, added.body.records.map((record) => record.id)]).toEqual([201, [ada.id, bob.id]]);
      expect(await groupIdsOf(ada)).toEqual([id]);
      expect((await lastEvents(`members/${ada.id}`, 1))[0]).toMatchObject({
        action: 'created',
        type: 'group_member',
        path: `/groups/${id}/members/${ada.id}`,
        resource: { group_id: id, member_id: ada.id },
      });
      expect((await lastEvents(ACCESS_STREAM, 2)).map(({ resource }) => resource)).toEqual([
        { members: [ada.id] },
        { members: [bob.id] },
      ]);
      const list = await ada.http.get<Page>(`${path}?limit=1`);
      expect(list.body).toMatchObject({ records: [{ id: ada.id }], has_next_page: true });

      expect((await boss.http.delete(`${path}/${ada.id}`)).status).toBe(204);
      expect(await outcome(boss.http.delete(`${path}/${ada.id}`))).toEqual([404, 'group_member.not_found']);
      expect(await groupIdsOf(ada)).toEqual([]);
      expect((await lastEvents(`members/${ada.id}`, 1))[0]).toMatchObject({ action: 'deleted', type: 'group_member' });
      expect((await lastEvents(ACCESS_STREAM, 1))[0]!.resource).toEqual({ members: [ada.id] });
    });

    it('is one, however often and at once it is asked for', async () => {
      const id = await makeGroup();
      const before = (await lastEvents(`members/${bob.id}`, 1))[0]!.seq;
      const add = () => boss.http.post(`/api/groups/${id}/members`, { member_id: bob.id });
      const replies = await Promise.all([add(), add(), add()]);
      expect(replies.map(({ status }) => status)).toEqual([201, 201, 201]);
      expect((await lastEvents(`members/${bob.id}`, 1))[0]!.seq).toBe(before + 1);
    });

    it('is for members that exist: one unknown, and nobody gets in', async () => {
      const id = await makeGroup();
      const reply = await boss.http.post(`/api/groups/${id}/members`, { member_ids: [ada.id, 999999] });
      expect(reply).toMatchObject({
        status: 404,
        body: { error: { code: 'member.not_found', details: { member_ids: [999999] } } },
      });
      expect(await groupIdsOf(ada)).not.toContain(id);
    });

    it.each([
      {},
      { member_id: '1' },
      { member_ids: [] },
      { member_id: 1, member_ids: [1] },
      { member_id: 1e300 },
      { member_id: 0 },
    ])('is not asked for by %j', async (body) => {
      const id = await makeGroup();
      expect(await outcome(boss.http.post(`/api/groups/${id}/members`, body))).toEqual([400, 'request.invalid']);
    });

    it('of a removed member is not shown', async () => {
      const id = await makeGroup();
      const eve = await register(server.http, 'Eve');
      await boss.http.post(`/api/groups/${id}/members`, { member_ids: [ada.id, eve.id] });
      await boss.http.delete(`/api/members/${eve.id}`);
      const list = await ada.http.get<Page>(`/api/groups/${id}/members`);
      expect(list.body.records.map((record) => record.id)).toEqual([ada.id]);
    });
  });

  describe('the end of a group', () => {
    it('ends every membership, and whoever refers to the group is asked to let go', async () => {
      const id = await makeGroup();
      await boss.http.post(`/api/groups/${id}/members`, { member_ids: [ada.id, bob.id] });
      expect((await boss.http.delete(`/api/groups/${id}`)).status).toBe(204);
      for (const person of [ada, bob]) {
        expect(await groupIdsOf(person)).not.toContain(id);
        expect((await lastEvents(`members/${person.id}`, 1))[0]).toMatchObject({
          action: 'deleted',
          type: 'group_member',
          resource: { group_id: id },
        });
      }
      expect(server.app.get(Referrer).released).toContain(id);
    });

    it('is taken back when a feature cannot let go', async () => {
      const id = await makeGroup();
      await boss.http.post(`/api/groups/${id}/members`, { member_id: ada.id });
      const before = await lastEvents(`members/${ada.id}`, 1);
      server.app.get(Referrer).refuse = true;
      expect((await boss.http.delete(`/api/groups/${id}`)).status).toBe(409);
      server.app.get(Referrer).refuse = false;
      expect(await groupIdsOf(ada)).toContain(id);
      expect(await lastEvents(`members/${ada.id}`, 1)).toEqual(before);
    });
  });

  describe('an API key', () => {
    it('is shown once, works in any case, and ends when it is withdrawn', async () => {
      const made = await boss.http.post<Rec>('/api/api-keys', { description: 'Bot', ignore_acl: true });
      expect(made).toMatchObject({
        status: 201,
        body: { description: 'Bot', ignore_acl: true, allow_user_create: false },
      });
      const { api_key: key, ...shown } = made.body;
      expect(key).toMatch(/^[0-9a-f]{40}$/);
      expect((await boss.http.get<Page>('/api/api-keys')).body.records).toContainEqual(shown);
      const bot = server.http.with({ 'x-api-key': String(key).toUpperCase() });
      expect((await bot.get('/api/groups')).status).toBe(200);
      expect((await boss.http.delete(`/api/api-keys/${String(shown.id)}`)).status).toBe(204);
      expect(await outcome(bot.get('/api/groups'))).toEqual([401, 'auth.credential_required']);
      expect(await outcome(boss.http.delete(`/api/api-keys/${String(shown.id)}`))).toEqual([404, 'api_key.not_found']);
    });

    it('is the business of administrators', async () => {
      const bot = await newKey({ ignore_acl: true });
      for (const http of [ada.http, bot.http]) {
        expect(await outcome(http.get('/api/api-keys'))).toEqual([403, 'auth.administrators_only']);
        expect(await outcome(http.post('/api/api-keys', {}))).toEqual([403, 'auth.administrators_only']);
        expect(await outcome(http.delete(`/api/api-keys/${bot.id}`))).toEqual([403, 'auth.administrators_only']);
      }
    });

    it('sees what everybody sees, and is no member', async () => {
      const bot = await newKey({ ignore_acl: true });
      const list = await bot.http.get<Page>('/api/members');
      expect(list.body.records.some((record) => 'email' in record)).toBe(false);
      expect(await outcome(bot.http.get('/api/me'))).toEqual([403, 'member.members_only']);
      expect(await outcome(bot.http.get('/api/members?websockets=1'))).toEqual([403, 'member.members_only']);
      expect(await outcome(bot.http.post('/api/realtime/tokens', { rooms: ['/a'] }))).toEqual([
        403,
        'room.members_only',
      ]);
    });

    it('makes groups and members only with the flag for it, and never administrators', async () => {
      const plain = await newKey({ ignore_acl: true });
      const flagged = await newKey({ allow_group_create: true, allow_user_create: true });
      const someone = { email: 'made.by.bot@example.com', password: PASSWORD, name: 'Someone' };
      expect(await outcome(plain.http.post('/api/groups', { label: 'B' }))).toEqual([403, 'group.forbidden']);
      expect(await outcome(plain.http.post('/api/members', someone))).toEqual([403, 'member.forbidden']);
      const group = await flagged.http.post<{ id: number }>('/api/groups', { label: 'B' });
      expect(group.status).toBe(201);
      expect(await outcome(flagged.http.patch(`/api/groups/${group.body.id}`, {}))).toEqual([403, 'group.forbidden']);
      const boss2 = { ...someone, role: 'administrator' };
      expect(await outcome(flagged.http.post('/api/members', boss2))).toEqual([403, 'member.forbidden']);
      expect(await outcome(flagged.http.post('/api/members', someone))).toEqual([201, undefined]);
    });

    it.each(['', 'x', 'f'.repeat(40), 'g'.repeat(40), 'f'.repeat(41)])('is not %j', async (key) => {
      const reply = server.http.with({ 'x-api-key': key }).get('/api/groups');
      expect(await outcome(reply)).toEqual([401, 'auth.credential_required']);
    });
  });
});
