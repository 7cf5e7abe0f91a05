import { BoardRooms, BoardsModule } from './support/boards.module.js';
import { BreakableProxy } from './support/breakable-proxy.js';
import type { HttpClient, HttpReply } from './support/http-client.js';
import { logIn, PASSWORD, type Person, register } from './support/people.js';
import { itWith, TEST_REDIS_URL } from './support/services.js';
import { openSocket, type SocketClient } from './support/socket-client.js';
import { startServer, startTwoNodes, type TestServer } from './support/start-server.js';

const ADMIN = { ADMIN_EMAIL: 'admin@example.com', ADMIN_PASSWORD: PASSWORD };

/** The statuses of so many requests, one after the other. */
async function statuses(times: number, send: () => Promise<{ status: number }>): Promise<number[]> {
  const found: number[] = [];
  for (let index = 0; index < times; index += 1) found.push((await send()).status);
  return found;
}

const refused = (found: number[]): number => found.filter((status) => status === 429).length;

function expectRefusal(reply: HttpReply<unknown>, withinSeconds: number): void {
  const { error } = reply.body as { error: { details: { retry_after: number } } };
  expect(reply).toMatchObject({ status: 429, body: { error: { code: 'request.rate_limited' } } });
  expect(error.details.retry_after).toBeGreaterThanOrEqual(1);
  expect(error.details.retry_after).toBeLessThanOrEqual(withinSeconds);
  expect(reply.headers.get('retry-after')).toBe(String(error.details.retry_after));
}

// Real: HTTP and the stock client; Redis where it is there, otherwise the counts of this process.
describe('limits of requests', () => {
  let server: TestServer;
  const open: SocketClient[] = [];
  afterEach(async () => {
    open.splice(0).forEach((client) => client.close());
    await server.close();
  });

  const start = async (env: Record<string, string>): Promise<void> => {
    server = await startServer({ modules: [BoardsModule], env: { RATE_LIMITS: 'on', ...ADMIN, ...env } });
  };
  const admin = (): Promise<Person> => logIn(server.http, ADMIN.ADMIN_EMAIL, PASSWORD);
  const me = (http: HttpClient) => (): Promise<HttpReply<unknown>> => http.get('/api/me');

  it('of one member: the rest is refused with the time to wait, and nobody else is', async () => {
    await start({ RATE_LIMIT_MEMBER_PER_SECOND: '1' });
    const [ann, bob, boss] = [await register(server.http, 'Ann'), await register(server.http, 'Bob'), await admin()];
    expect(await statuses(10, me(ann.http))).toEqual(Array(10).fill(200));
    expectRefusal(await ann.http.get('/api/me'), 10);
    // Another token of the same member makes no difference.
    expectRefusal(await (await logIn(server.http, ann.email, PASSWORD)).http.get('/api/me'), 10);
    expect((await bob.http.get('/api/me')).status).toBe(200);
    const { body } = await boss.http.post<{ api_key: string }>('/api/api-keys', {});
    const program = server.http.with({ 'x-api-key': body.api_key });
    expect(refused(await statuses(12, () => program.get('/api/members')))).toBe(2);
  });

  it('of one address: counted before anything else, except for supervisors', async () => {
    await start({ RATE_LIMIT_IP_PER_SECOND: '2' });
    expect(await statuses(20, () => server.http.get('/api/nowhere'))).toEqual(Array(20).fill(404));
    const reply = await server.http.with({ origin: 'https://app.example.com' }).post('/api/auth/login', 'not json');
    expectRefusal(reply, 10);
    expect(reply.headers.get('access-control-allow-origin')).toBe('https://app.example.com');
    expect((await server.http.get('/health/live')).status).toBe(200);
  });

  it('of one address behind a proxy that is believed: each client counts by itself', async () => {
    await start({ RATE_LIMIT_IP_PER_SECOND: '1', TRUST_PROXY: 'true' });
    const from = (address: string) => () => server.http.with({ 'x-forwarded-for': address }).get('/api/me');
    expect(refused(await statuses(12, from('192.0.2.1')))).toBe(2);
    expect(refused(await statuses(2, from('192.0.2.2')))).toBe(0);
    expect(refused(await statuses(10, from('2001:db8::1')))).toBe(0);
    expect(refused(await statuses(2, from('2001:db8::ffff:2')))).toBe(2);
  });

  it('of one room: whoever speaks, and no other room', async () => {
    await start({ RATE_LIMIT_ROOM_PER_SECOND: '1' });
    const [boss, ann] = [await admin(), await register(server.http, 'Ann')];
    for (const name of ['busy', 'quiet']) {
      const wanted = { name, custom_publish: true, other_permissions: 'publish' };
      expect((await boss.http.post('/api/channels', wanted)).status).toBe(201);
    }
    const publish = (by: Person, name: string) => () =>
      by.http.post(`/api/channels/${name}/publish`, { payload: { a: 1 } });
    expect(await statuses(8, publish(boss, 'busy'))).toEqual(Array(8).fill(201));
    expect(await statuses(2, publish(ann, 'BUSY'))).toEqual([201, 201]);
    expectRefusal(await publish(ann, 'busy')(), 10);
    expect((await publish(ann, 'quiet')()).status).toBe(201);
    expect((await ann.http.get('/api/channels/busy/history')).status).toBe(200);

    const room = await ann.http.post<{ uuid: string }>('/api/chat-rooms', {
      kind: 'group_chat',
      member_ids: [boss.id],
    });
    const send = () => ann.http.post(`/api/chat-rooms/${room.body.uuid}/messages`, { body: 'hi' });
    expect(refused(await statuses(11, send))).toBe(1);
  });

  it('of logins: guesses for one address of e-mail are slow, others get in', async () => {
    await start({ RATE_LIMIT_LOGINS_PER_MINUTE: '3' });
    const [ann, bob] = [await register(server.http, 'Ann'), await register(server.http, 'Bob')];
    const guess = (email: string) => () => server.http.post('/api/auth/login', { email, password: 'wrong horse' });
    expect(await statuses(2, guess(ann.email))).toEqual([401, 401]);
    expectRefusal(await guess(` ${ann.email.toUpperCase()} `)(), 60);
    expect((await guess('nobody@example.com')()).status).toBe(401);
    expect((await logIn(server.http, bob.email, PASSWORD)).id).toBe(bob.id);
  });

  it('of logins: one address of the network cannot try everybody', async () => {
    await start({ RATE_LIMIT_LOGINS_PER_IP_PER_MINUTE: '4' });
    const refresh = () => server.http.post('/api/auth/refresh', { refresh_token: 'a guess' });
    let count = 0;
    const login = () =>
      server.http.post('/api/auth/login', { email: `${(count += 1)}@example.com`, password: 'guess' });
    expect(await statuses(2, login)).toEqual([401, 401]);
    expect(await statuses(2, refresh)).toEqual([401, 401]);
    for (const attempt of [login, refresh]) expectRefusal(await attempt(), 60);
  });

  it('of joins and client events: the socket says so, survives and keeps its rooms', async () => {
    await start({ RATE_LIMIT_SOCKET_PER_SECOND: '1' });
    const ann = await register(server.http, 'Ann');
    const { body } = await ann.http.post<{ websockets: { token: string }[] }>('/api/realtime/tokens', {
      rooms: ['/boards/a', '/boards/b'],
    });
    const [tokenOfA, tokenOfB] = body.websockets.map(({ token }) => token) as [string, string];
    const client = await (await openSocket(server.url)).authenticate(ann.token);
    open.push(client);
    await client.join('/boards/a', tokenOfA);
    for (let index = 0; index < 9; index += 1) client.emit('realtime:leave', { name: '/boards/none' });
    for (let index = 0; index < 9; index += 1) client.emit('realtime:join', { name: '/boards/a', token: tokenOfA });
    client.emit('realtime:join', { name: '/boards/b', token: tokenOfB });
    const error = 'Too many requests, try again later';
    const refusal = { error, message: error, code: 'request.rate_limited', retry_after: expect.any(Number) as number };
    expect(await client.next('realtime:join:error')).toEqual({ name: '/boards/b', ...refusal });
    client.emit('realtime:event', { name: '/boards/a', token: tokenOfA, data: 1 });
    expect(await client.next('realtime:event:error')).toEqual({ name: '/boards/a', ...refusal });
    expect(client.count('realtime:join:success')).toBe(10);
    await server.app.get(BoardRooms).publish('a', 'still here');
    expect(await client.next('realtime:resource')).toMatchObject({ resource: { text: 'still here' } });
    // The same member on another socket.
    const other = await (await openSocket(server.url)).authenticate(ann.token);
    open.push(other);
    other.emit('realtime:join', { name: '/boards/b', token: tokenOfB });
    expect(await other.next('realtime:join:error')).toEqual({ name: '/boards/b', ...refusal });
  });

  it('of client events into one room', async () => {
    await start({ RATE_LIMIT_ROOM_PER_SECOND: '1' });
    const ann = await register(server.http, 'Ann');
    const { body } = await ann.http.post<{ websockets: { token: string }[] }>('/api/realtime/tokens', {
      rooms: ['/boards/a'],
    });
    const token = body.websockets[0]!.token;
    const client = await (await openSocket(server.url)).authenticate(ann.token);
    open.push(client);
    await client.join('/boards/a', token);
    for (let index = 1; index <= 11; index += 1)
      client.emit('realtime:event', { name: '/boards/a', token, data: index });
    expect(await client.next('realtime:event:error')).toMatchObject({ code: 'request.rate_limited' });
    expect(client.count('realtime:event')).toBe(10);
  });

  it('can be switched off', async () => {
    await start({ RATE_LIMITS: 'off', RATE_LIMIT_MEMBER_PER_SECOND: '1', RATE_LIMIT_IP_PER_SECOND: '1' });
    const ann = await register(server.http, 'Ann');
    expect(await statuses(30, me(ann.http))).toEqual(Array(30).fill(200));
  });
});

// Real: two whole servers in this process, PostgreSQL and Redis.
describe('limits of requests on two nodes', () => {
  itWith(
    ['postgres', 'redis'],
    'count together; without Redis each counts alone, and together again later',
    async () => {
      const redis = new BreakableProxy(new URL(TEST_REDIS_URL!));
      await redis.open();
      const env = { RATE_LIMITS: 'on', RATE_LIMIT_MEMBER_PER_SECOND: '1', REDIS_URL: redis.url };
      const { nodes, close } = await startTwoNodes({ env });
      const people = await Promise.all(['Ann', 'Bob', 'Cleo', 'Dan'].map((name) => register(nodes[0].http, name)));
      const ask = async ({ token }: Person, times: number): Promise<number> => {
        let count = 0;
        const found = await statuses(times, () => nodes[(count += 1) % 2]!.http.as(token).get('/api/me'));
        return refused(found);
      };
      const connected = async (): Promise<void> => {
        // The connections to Redis come up, or back, by themselves.
        for (let index = 0; ; index += 1) {
          if ((await ask(await register(nodes[0].http, `Try ${index}`), 14)) === 4) return;
          if (index === 50) throw new Error('The nodes do not count together');
          await new Promise((resolve) => setTimeout(resolve, 100));
        }
      };
      await connected();
      expect(await ask(people[0]!, 16)).toBe(6);
      await redis.break();
      expect(await ask(people[1]!, 20)).toBe(0);
      expect(await ask(people[1]!, 4)).toBe(4);
      await redis.open();
      await connected();
      expect(await ask(people[2]!, 16)).toBe(6);
      await close();
      await redis.break();
    },
  );
});
