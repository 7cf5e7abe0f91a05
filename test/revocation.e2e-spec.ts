import { JwtService } from '@nestjs/jwt';
import { at, inboxOf, openGroup, roomOf, send, ticket } from './support/chat.js';
import { ADMIN, type Nodes, startNodes } from './support/nodes.js';
import { logIn, PASSWORD, type Person, register } from './support/people.js';
import { openSocket, type SocketClient } from './support/socket-client.js';

type Failure = { error?: { code: string } };

// Real: HTTP and the stock client; two servers, PostgreSQL and Redis where they are there.
describe('what somebody held stops at once, on every node:', () => {
  let started: Nodes;
  let boss: Person;
  const open: SocketClient[] = [];

  beforeAll(async () => {
    started = await startNodes();
    boss = await logIn(started.nodes[0].http, ADMIN.email, ADMIN.password);
  });
  afterEach(() => open.splice(0).forEach((client) => client.close()));
  afterAll(() => started.close());

  const someone = (name: string): Promise<Person> => register(started.nodes[0].http, name);

  /** A client on each node, in these rooms. */
  async function connect(person: Person, ...rooms: string[]): Promise<SocketClient[]> {
    const clients: SocketClient[] = [];
    for (const node of started.nodes) {
      const client = await openSocket(node.url);
      open.push(client);
      await client.authenticate(person.token);
      for (const room of rooms) await client.join(room, await ticket(person, room));
      clients.push(client);
    }
    return clients;
  }

  const outcome = async (reply: Promise<{ status: number; body: unknown }>) => {
    const { status, body } = await reply;
    return [status, (body as Failure).error?.code];
  };
  const meOn = (person: Person) =>
    Promise.all(started.nodes.map((node) => outcome(at(node, person).http.get('/api/me'))));
  const refresh = ({ refreshToken }: Person) =>
    outcome(started.nodes[1].http.post('/api/auth/refresh', { refresh_token: refreshToken }));

  async function authenticateError(person: Person): Promise<unknown> {
    const client = await openSocket(started.nodes[1].url);
    open.push(client);
    client.emit('authenticate', { token: person.token });
    return (await client.next('unauthorized')).err;
  }

  it('a ban ends the sessions and suspends the tokens; lifting it lets the member back in', async () => {
    const [owner, bob] = [await someone('Owner'), await someone('Bob')];
    const group = await openGroup(owner, [bob]);
    const clients = await connect(bob, roomOf(group), inboxOf(bob));
    expect(await meOn(bob)).toEqual([
      [200, undefined],
      [200, undefined],
    ]);

    expect((await boss.http.post(`/api/members/${bob.id}/ban`)).status).toBe(204);
    await send(owner, group, 'after the ban');
    for (const client of clients) expect(await client.next('disconnect')).toEqual({ reason: 'io server disconnect' });
    for (const client of clients) expect(JSON.stringify(client.frames)).not.toContain('after the ban');
    expect(await meOn(bob)).toEqual([
      [401, 'auth.token_invalid'],
      [401, 'auth.token_invalid'],
    ]);
    expect(await refresh(bob)).toEqual([401, 'auth.refresh_token_invalid']);
    await expect(logIn(started.nodes[1].http, bob.email, PASSWORD)).rejects.toThrow('401');

    expect((await boss.http.post(`/api/members/${bob.id}/ban`)).status).toBe(204);
    for (const _twice of [1, 2]) expect((await boss.http.delete(`/api/members/${bob.id}/ban`)).status).toBe(204);
    expect(await meOn(bob)).toEqual([
      [200, undefined],
      [200, undefined],
    ]);
    const [back] = await connect(bob, roomOf(group));
    await send(owner, group, 'welcome back');
    expect(await back!.next('realtime:resource')).toMatchObject({ resource: { body: 'welcome back' } });
  });

  it('logging out everywhere ends all logins, access tokens and sessions; only a new login opens anything', async () => {
    const eve = await someone('Eve');
    const other = await logIn(started.nodes[1].http, eve.email, PASSWORD);
    const clients = [...(await connect(eve, inboxOf(eve))), ...(await connect(other, inboxOf(eve)))];
    expect(await meOn(eve)).toEqual([
      [200, undefined],
      [200, undefined],
    ]);

    expect((await other.http.post('/api/auth/logout-everywhere')).status).toBe(204);
    const fresh = await logIn(started.nodes[0].http, eve.email, PASSWORD);
    for (const client of clients) expect(await client.next('disconnect')).toEqual({ reason: 'io server disconnect' });
    for (const person of [eve, other]) {
      expect(await meOn(person)).toEqual([
        [401, 'auth.token_invalid'],
        [401, 'auth.token_invalid'],
      ]);
      expect((await refresh(person))[0]).toBe(401);
      expect(await authenticateError(person)).toEqual({ name: 'JsonWebTokenError', message: 'jwt revoked' });
    }
    expect(await meOn(fresh)).toEqual([
      [200, undefined],
      [200, undefined],
    ]);
    await connect(fresh, inboxOf(eve));

    // Again at once: the login of the same second stops too.
    expect((await fresh.http.post('/api/auth/logout-everywhere')).status).toBe(204);
    const last = await logIn(started.nodes[1].http, eve.email, PASSWORD);
    expect(await meOn(fresh)).toEqual([
      [401, 'auth.token_invalid'],
      [401, 'auth.token_invalid'],
    ]);
    expect(await meOn(last)).toEqual([
      [200, undefined],
      [200, undefined],
    ]);
    expect(await meOn(boss)).toEqual([
      [200, undefined],
      [200, undefined],
    ]);
  });

  it('a new password ends all logins, access tokens and sessions, also of the one who changes it', async () => {
    const eve = await someone('Eve');
    const thief = await logIn(started.nodes[1].http, eve.email, PASSWORD);
    const clients = [...(await connect(eve, inboxOf(eve))), ...(await connect(thief, inboxOf(eve)))];
    const change = { password: 'another horse', current_password: PASSWORD };
    expect((await eve.http.patch('/api/me', change)).status).toBe(200);
    for (const client of clients) expect(await client.next('disconnect')).toEqual({ reason: 'io server disconnect' });
    for (const person of [eve, thief]) {
      expect(await meOn(person)).toEqual([
        [401, 'auth.token_invalid'],
        [401, 'auth.token_invalid'],
      ]);
      expect((await refresh(person))[0]).toBe(401);
      expect(await authenticateError(person)).toEqual({ name: 'JsonWebTokenError', message: 'jwt revoked' });
    }
    const back = await logIn(started.nodes[1].http, eve.email, change.password);
    expect(await meOn(back)).toEqual([
      [200, undefined],
      [200, undefined],
    ]);
    await connect(back, inboxOf(eve));
    // Other changes of oneself end nothing.
    expect((await back.http.patch('/api/me', { name: 'Eve L.' })).status).toBe(200);
    expect(await meOn(back)).toEqual([
      [200, undefined],
      [200, undefined],
    ]);
  });

  it('a token that names no logout is judged by the time of its issue', async () => {
    const dan = await someone('Dan');
    const sign = (iat: number): Person => {
      const claims = { sub: String(dan.id), workspace: 1, type: 'access', iat };
      return { ...dan, token: started.nodes[0].app.get(JwtService).sign(claims, { expiresIn: 3_600 }) };
    };
    const now = Math.floor(Date.now() / 1_000);
    expect(await meOn(sign(now))).toEqual([
      [200, undefined],
      [200, undefined],
    ]);
    const clients = await connect(dan, inboxOf(dan));
    expect((await dan.http.post('/api/auth/logout-everywhere')).status).toBe(204);
    // Then both nodes have heard of it.
    for (const client of clients) expect(await client.next('disconnect')).toEqual({ reason: 'io server disconnect' });
    expect(await meOn(sign(now))).toEqual([
      [401, 'auth.token_invalid'],
      [401, 'auth.token_invalid'],
    ]);
    expect(await meOn(sign(now + 2))).toEqual([
      [200, undefined],
      [200, undefined],
    ]);
  });

  it('an API key has no logins to end', async () => {
    const { body } = await boss.http.post<{ api_key: string }>('/api/api-keys', {});
    const program = started.nodes[0].http.with({ 'x-api-key': body.api_key });
    expect(await outcome(program.post('/api/auth/logout-everywhere'))).toEqual([403, 'member.members_only']);
    expect(await outcome(started.nodes[0].http.post('/api/auth/logout-everywhere'))).toEqual([
      401,
      'auth.credential_required',
    ]);
  });

  it('a role that is taken away stops administering, and the session goes on', async () => {
    const [amy, victim] = [await someone('Amy'), await someone('Victim')];
    const [client] = await connect(amy, inboxOf(amy));
    const setRole = (role: unknown) => boss.http.patch(`/api/members/${amy.id}`, { role });
    expect(await setRole('administrator')).toMatchObject({ status: 200, body: { id: amy.id, role: 'administrator' } });
    for (const node of started.nodes) expect((await at(node, amy).http.get('/api/api-keys')).status).toBe(200);
    expect((await setRole('member')).status).toBe(200);
    for (const node of started.nodes) {
      expect(await outcome(at(node, amy).http.get('/api/api-keys'))).toEqual([403, 'auth.administrators_only']);
    }
    expect(await outcome(amy.http.post(`/api/members/${victim.id}/ban`))).toEqual([403, 'member.forbidden']);
    await client!.next('realtime:resource', ({ resource }) => (resource as { role: string }).role === 'member');
    expect(client!.socket.connected).toBe(true);
    for (const wrong of ['owner', null, 7]) expect((await setRole(wrong)).status).toBe(400);
  });

  it('nobody bans or promotes themselves, and only administrators do it to others', async () => {
    const [ann, bob] = [await someone('Ann'), await someone('Bob')];
    const attempts = (by: Person, id: number) =>
      Promise.all([
        outcome(by.http.post(`/api/members/${id}/ban`)),
        outcome(by.http.delete(`/api/members/${id}/ban`)),
        outcome(by.http.patch(`/api/members/${id}`, { role: 'administrator' })),
      ]);
    const forbidden = Array(3).fill([403, 'member.forbidden']) as unknown[];
    expect(await attempts(ann, bob.id)).toEqual(forbidden);
    expect(await attempts(ann, ann.id)).toEqual(forbidden);
    expect(await attempts(boss, boss.id)).toEqual(forbidden);
    expect(await attempts(boss, 999_999)).toEqual(Array(3).fill([404, 'member.not_found']));
  });

  it('of two administrators who degrade each other at once, one stays', async () => {
    const [ann, bob] = [await someone('Ann'), await someone('Bob')];
    for (const { id } of [ann, bob]) await boss.http.patch(`/api/members/${id}`, { role: 'administrator' });
    const replies = await Promise.all([
      outcome(ann.http.patch(`/api/members/${bob.id}`, { role: 'member' })),
      outcome(at(started.nodes[1], bob).http.patch(`/api/members/${ann.id}`, { role: 'member' })),
    ]);
    expect(replies.filter(([status]) => status === 200)).toHaveLength(1);
    expect(replies.filter(([status]) => status === 403)).toHaveLength(1);
  });
});
