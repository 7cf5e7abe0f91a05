import type { Identity } from '../src/auth/identity.js';
import { MemberDirectory } from '../src/auth/identity-directory.js';
import { Transactions } from '../src/database/transactions.js';
import { ACCESS_STREAM } from '../src/events/access-changes.js';
import type { DomainEvent } from '../src/events/domain-event.js';
import { EventLog } from '../src/events/event-log.js';
import { MembersService } from '../src/modules/members/index.js';
import { RoomDirectory } from '../src/realtime/room-directory.js';
import type { HttpClient } from './support/http-client.js';
import { logIn, PASSWORD, type Person, register } from './support/people.js';
import { startServer, type TestServer } from './support/start-server.js';

const ADMIN_EMAIL = 'boss@example.com';

type Rec = Record<string, unknown>;
interface Page {
  records: Rec[];
  has_next_page: boolean;
  websockets?: { room: string; token: string }[];
}
interface Failure {
  error: { code: string };
}

// Real: the whole server over HTTP, its database and its event log.
describe('members', () => {
  let server: TestServer;
  let boss: Person;
  let ada: Person;
  let bob: Person;

  beforeAll(async () => {
    server = await startServer({ env: { ADMIN_EMAIL, ADMIN_PASSWORD: PASSWORD } });
    boss = await logIn(server.http, ADMIN_EMAIL, PASSWORD);
    ada = await register(server.http, 'Ada 100% L_velace');
    bob = await register(server.http, 'Bob');
  });
  afterAll(() => server.close());

  const events = async (stream: string): Promise<DomainEvent[]> => server.app.get(EventLog).read(stream, 0, 100);
  const lastEvents = async (stream: string, count: number): Promise<DomainEvent[]> =>
    (await events(stream)).slice(-count);
  const outcome = async (reply: Promise<{ status: number; body: unknown }>): Promise<[number, string | undefined]> => {
    const { status, body } = await reply;
    return [status, (body as Partial<Failure>).error?.code];
  };
  const identityOf = async (person: Person): Promise<Identity> =>
    (await server.app.get(MemberDirectory).findMember(person.id))!;

  it('are told their own address, not the others; administrators are told every one', async () => {
    const seen = async (http: HttpClient): Promise<unknown> =>
      (await http.get<Rec>(`/api/members/${ada.id}`)).body.email;
    expect(await seen(ada.http)).toBe(ada.email);
    expect(await seen(boss.http)).toBe(ada.email);
    expect(await seen(bob.http)).toBeUndefined();
    const list = await bob.http.get<Page>('/api/members');
    expect(list.body.records.filter((record) => 'email' in record).map((record) => record.id)).toEqual([bob.id]);
  });

  it('are listed in pages that neither skip nor repeat', async () => {
    const seen: unknown[] = [];
    for (let after = '', more = true; more; after = `&after=${String(seen.at(-1))}`) {
      const { body } = await ada.http.get<Page>(`/api/members?limit=2${after}`);
      seen.push(...body.records.map((record) => record.id));
      more = body.has_next_page;
    }
    expect(seen).toEqual([boss.id, ada.id, bob.id]);
  });

  it('are found by a part of their name, taken literally, and by nothing hidden', async () => {
    const found = async (q: string): Promise<unknown[]> =>
      (await bob.http.get<Page>(`/api/members?q=${encodeURIComponent(q)}`)).body.records.map((record) => record.id);
    expect(await found('aDA')).toEqual([ada.id]);
    expect(await found('0%')).toEqual([ada.id]);
    expect(await found('L_v')).toEqual([ada.id]);
    expect(await found('b_b')).toEqual([]);
    expect(await found('%')).toEqual([ada.id]);
    expect(await found('example.com')).toEqual([]);
    expect(await found('argon2')).toEqual([]);
  });

  it('that do not exist are not found, and wrong questions are refused', async () => {
    expect(await outcome(ada.http.get('/api/members/999999999999999'))).toEqual([404, 'member.not_found']);
    const wrong = [
      '/99999999999999999999',
      '/0',
      '/x',
      '/%00',
      '?limit=0',
      '?limit=101',
      '?after=x',
      '?q=%00',
      '?email=a',
    ];
    for (const path of wrong) {
      expect([path, ...(await outcome(ada.http.get(`/api/members${path}`)))]).toEqual([path, 400, 'request.invalid']);
    }
  });

  it('get the token of their own room with websockets=1', async () => {
    for (const path of ['/api/me', '/api/members']) {
      expect((await ada.http.get<Page>(path)).body.websockets).toBeUndefined();
      const { body } = await ada.http.get<Page>(`${path}?websockets=1`);
      expect(body.websockets).toEqual([{ room: `/members/${ada.id}`, token: expect.any(String) as string }]);
    }
  });

  it('join their own room and nobody else does, not even an administrator', async () => {
    const open = async (person: Person) =>
      server.app.get(RoomDirectory).open(`/members/${ada.id}`, await identityOf(person));
    expect(await open(ada)).toEqual({ stream: `members/${ada.id}` });
    expect(await open(bob)).toBeNull();
    expect(await open(boss)).toBeNull();
    const rooms = server.app.get(RoomDirectory);
    expect(await rooms.open(`/members/0${ada.id}`, await identityOf(ada))).toBeNull();
  });

  it('change their own record; their stream tells the public view', async () => {
    const changes = {
      name: ' Ada L. ',
      headline: 'Analyst',
      bio: 'Numbers',
      location: 'London',
      avatar_url: 'https://a.de/a.png',
    };
    const reply = await ada.http.patch('/api/me', changes);
    expect(reply).toMatchObject({ status: 200, body: { ...changes, name: 'Ada L.', email: ada.email } });
    const [event] = await lastEvents(`members/${ada.id}`, 1);
    const { email: _hidden, ...visible } = reply.body;
    expect(event).toMatchObject({
      action: 'updated',
      type: 'member',
      path: `/members/${ada.id}`,
      author: { member: ada.id },
    });
    expect(event!.resource).toEqual(visible);
    expect((await ada.http.patch('/api/me', { headline: null })).body).toMatchObject({
      headline: null,
      bio: 'Numbers',
    });
  });

  it('that change nothing cause no event', async () => {
    const before = await events(`members/${bob.id}`);
    expect((await bob.http.patch('/api/me', {})).status).toBe(200);
    expect((await bob.http.patch('/api/me', { name: 'Bob' })).status).toBe(200);
    expect(await events(`members/${bob.id}`)).toEqual(before);
  });

  it.each([
    { role: 'administrator' },
    { email: 'other@example.com' },
    { id: 1 },
    { name: '' },
    { name: null },
    { bio: 'a\0b' },
    { avatar_url: 'javascript:alert(1)' },
    { password: 'new password' },
    { current_password: PASSWORD },
    { password: 'short', current_password: PASSWORD },
  ])('cannot change themselves by %j', async (body) => {
    expect(await outcome(ada.http.patch('/api/me', body))).toEqual([400, 'request.invalid']);
  });

  it('change their password only with the current one; older logins then end', async () => {
    const eve = await register(server.http, 'Eve');
    const change = (current_password: string) =>
      outcome(eve.http.patch('/api/me', { password: 'another horse', current_password }));
    expect(await change('wrong horse')).toEqual([403, 'member.password_wrong']);
    expect(await change(PASSWORD)).toEqual([200, undefined]);
    expect(await outcome(server.http.post('/api/auth/refresh', { refresh_token: eve.refreshToken }))).toEqual([
      401,
      'auth.refresh_token_invalid',
    ]);
    await expect(logIn(server.http, eve.email, PASSWORD)).rejects.toThrow('401');
    expect((await logIn(server.http, eve.email, 'another horse')).id).toBe(eve.id);
  });

  describe('under an administrator', () => {
    it('are made, with a role, and can log in', async () => {
      const body = {
        email: 'made@example.com',
        password: PASSWORD,
        name: 'Made',
        role: 'administrator',
        headline: 'New',
      };
      expect(await boss.http.post('/api/members', body)).toMatchObject({
        status: 201,
        body: { email: 'made@example.com', role: 'administrator', headline: 'New' },
      });
      const made = await logIn(server.http, 'made@example.com', PASSWORD);
      expect((await made.http.get('/api/api-keys')).status).toBe(200);
    });

    it('are made by nobody else', async () => {
      const body = { email: 'x@example.com', password: PASSWORD, name: 'X' };
      expect(await outcome(ada.http.post('/api/members', body))).toEqual([403, 'member.forbidden']);
      expect(await outcome(ada.http.delete(`/api/members/${bob.id}`))).toEqual([403, 'member.forbidden']);
    });

    it('are removed: their tokens end, their sessions are told to, their address is free again', async () => {
      const dan = await register(server.http, 'Dan');
      expect((await boss.http.delete(`/api/members/${dan.id}`)).status).toBe(204);
      const [told] = await lastEvents(`members/${dan.id}`, 1);
      const [access] = await lastEvents(ACCESS_STREAM, 1);
      expect(told).toMatchObject({ action: 'deleted', type: 'member', author: { member: boss.id } });
      expect(access!.resource).toEqual({ members: [dan.id], ended: true });
      expect(told!.fence).toBe(access!.seq);

      expect(await outcome(dan.http.get('/api/me'))).toEqual([401, 'auth.token_invalid']);
      expect(await outcome(server.http.post('/api/auth/refresh', { refresh_token: dan.refreshToken }))).toEqual([
        401,
        'auth.refresh_token_invalid',
      ]);
      await expect(logIn(server.http, dan.email, PASSWORD)).rejects.toThrow('401');
      expect(await outcome(boss.http.get(`/api/members/${dan.id}`))).toEqual([404, 'member.not_found']);
      expect(await outcome(boss.http.delete(`/api/members/${dan.id}`))).toEqual([404, 'member.not_found']);
      const again = await server.http.post('/api/auth/register', { email: dan.email, password: PASSWORD, name: 'Dan' });
      expect(again.status).toBe(201);
    });

    it('are removed exactly once, also by two at once', async () => {
      const fay = await register(server.http, 'Fay');
      const replies = await Promise.all([1, 2].map(() => boss.http.delete(`/api/members/${fay.id}`)));
      expect(replies.map(({ status }) => status).sort()).toEqual([204, 404]);
      expect((await events(`members/${fay.id}`)).map(({ action }) => action)).toEqual(['created', 'deleted']);
    });

    it('that is oneself cannot be removed', async () => {
      expect(await outcome(boss.http.delete(`/api/members/${boss.id}`))).toEqual([403, 'member.forbidden']);
    });
  });

  it('that are banned are nobody any more, and their sessions are told to end', async () => {
    const gus = await register(server.http, 'Gus');
    await server.app.get(MembersService).update(gus.id, { bannedAt: new Date() });
    expect((await lastEvents(ACCESS_STREAM, 1))[0]!.resource).toEqual({ members: [gus.id], ended: true });
    expect((await gus.http.get('/api/me')).status).toBe(401);
    await expect(logIn(server.http, gus.email, PASSWORD)).rejects.toThrow('401');
    expect((await server.http.post('/api/auth/refresh', { refresh_token: gus.refreshToken })).status).toBe(401);
    await server.app.get(MembersService).update(gus.id, { bannedAt: null });
    expect((await gus.http.get('/api/me')).status).toBe(200);
  });

  it('whose change is rolled back cause no event', async () => {
    const before = await events(`members/${bob.id}`);
    const failing = server.app.get(Transactions).run(async () => {
      await server.app.get(MembersService).update(bob.id, { name: 'Never' });
      throw new Error('no');
    });
    await expect(failing).rejects.toThrow('no');
    expect(await events(`members/${bob.id}`)).toEqual(before);
  });
});
