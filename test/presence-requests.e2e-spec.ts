import { type Person, register } from './support/people.js';
import { ask, connectTo, sessionsLeft, statusOf, WATCH, watcherAt } from './support/presence.js';
import { RawWebSocket } from './support/raw-web-socket.js';
import { openSocket, type SocketClient } from './support/socket-client.js';
import { startServer, type TestServer } from './support/start-server.js';

// Real: the whole server, HTTP and the stock client. The grace is longer than any test.
describe('requests about presence', () => {
  let server: TestServer;
  let ann: Person;
  let bob: Person;
  let client: SocketClient;
  const open: { close(): void }[] = [];

  beforeAll(async () => {
    server = await startServer({ env: { PRESENCE_GRACE_SECONDS: '3600' } });
    [ann, bob] = [await register(server.http, 'Ann'), await register(server.http, 'Bob')];
  });
  beforeEach(async () => open.push((client = await connectTo(server, ann))));
  afterEach(() => open.splice(0).forEach((one) => one.close()));
  afterAll(() => server.close());

  it('online:get echoes ids as they were given, in their order, and leaves out what it does not know', async () => {
    const never = await register(server.http, 'Never');
    const data = [
      `${ann.id}`,
      never.id,
      ann.id,
      'u-1',
      '',
      '0',
      -1,
      1.5,
      1e300,
      `0${ann.id}`,
      ` ${ann.id}`,
      `${ann.id}`,
    ];
    expect(await ask(client, 'online:get', { data })).toEqual([
      {
        data: [
          [`${ann.id}`, true],
          [ann.id, true],
          [`${ann.id}`, true],
        ],
      },
    ]);
    expect(await ask(client, 'online:get', { data: [] })).toEqual([{ data: [] }]);
  });

  it.each<[string, unknown[]]>([
    ['nothing', []],
    ['null', [null]],
    ['a text', ['text']],
    ['a list', [[1]]],
    ['an object without data', [{}]],
    ['data that is no list', [{ data: 1 }]],
    ['a list of anything', [{ data: [null] }]],
    ['objects for ids', [{ data: [{ toString: 'x' }] }]],
    ['bytes', [{ data: Buffer.from('x') }]],
    ['more than a thousand ids', [{ data: Array.from({ length: 1_001 }, (_value, index) => index + 1) }]],
  ])('online:get with %s is answered with an error', async (_kind, payload) => {
    const text = 'Malformed request: data';
    expect(await ask(client, 'online:get', ...payload)).toEqual([
      { error: text, message: text, code: 'request.invalid' },
    ]);
    expect(await statusOf(client, ann)).toEqual([[ann.id, true]]);
  });

  it('online:get takes a thousand ids', async () => {
    const data = Array.from({ length: 1_000 }, (_value, index) => `${ann.id + index}`);
    const [answer] = (await ask(client, 'online:get', { data })) as [{ data: unknown[] }];
    expect(answer.data[0]).toEqual([`${ann.id}`, true]);
  });

  it('without anybody who waits for the answer nothing happens, and the socket stays', async () => {
    for (const payload of [undefined, null, 1, { data: [ann.id] }]) {
      for (const event of ['online:get', 'online:set']) client.emit(event, ...(payload === undefined ? [] : [payload]));
    }
    expect(await statusOf(client, ann)).toEqual([[ann.id, true]]);
    expect(client.frames.map(({ event }) => event)).toEqual(['connect', 'authenticated']);
  });

  it('online:set is acknowledged with nothing, whatever is sent, and makes nobody online', async () => {
    const never = await register(server.http, 'Never');
    for (const payload of [[], [{ data: [never.id] }], [null], ['x']]) {
      expect(await ask(client, 'online:set', ...payload)).toEqual([]);
    }
    expect(await statusOf(client, ann, never)).toEqual([[ann.id, true]]);
  });

  it('before authentication nothing is told, and nobody becomes online', async () => {
    const nobody = await openSocket(server.url);
    open.push(nobody);
    const refusal = { error: 'Not authenticated', message: 'Not authenticated', code: 'request.invalid' };
    expect(await ask(nobody, 'online:get', { data: [ann.id] })).toEqual([refusal]);
    expect(await ask(nobody, 'online:set', { data: [bob.id] })).toEqual([refusal]);
    nobody.emit('realtime:join', { name: WATCH, token: ann.token });
    await nobody.next('realtime:join:error');
    expect(await statusOf(client, bob)).toEqual([]);
  });

  it('the room is joined with one’s own access token or a room token, and with nothing else', async () => {
    const tickets = await Promise.all(
      [ann, bob].map(({ http }) =>
        http.post<{ websockets: { token: string }[] }>('/api/realtime/tokens', { rooms: [WATCH, '/users/online/1'] }),
      ),
    );
    const [own, others] = tickets.map(({ body }) => body.websockets.map(({ token }) => token)) as [string[], string[]];
    for (const token of [bob.token, ann.refreshToken, own[1], others[0], 'twake', '', null, 7, undefined]) {
      client.emit('realtime:join', { name: WATCH, token });
      expect(await client.next('realtime:join:error')).toMatchObject({ name: WATCH, code: 'room.forbidden' });
    }
    expect(await client.join(WATCH, own[0]!)).toMatchObject({ name: WATCH, position: 0 });
    expect(await client.join('/users/online/1', ann.token)).toMatchObject({ position: 0 });
    client.emit('realtime:leave', { name: WATCH });
    await client.next('realtime:leave:success');
  });

  it('other rooms under /users/ are refused like any unknown room', async () => {
    for (const name of ['/users/', `/users/${ann.id}`, '/users/online/x', '/users/online/1/', '/users/online/1e0']) {
      client.emit('realtime:join', { name, token: ann.token });
      expect(await client.next('realtime:join:error')).toMatchObject({ name, code: 'room.forbidden' });
    }
  });

  it('a reload tells nothing: neither the end of the page nor its beginning', async () => {
    const watcher = await watcherAt(server, ann);
    open.push(watcher);
    const loading = await connectTo(server, bob);
    await watcher.next('realtime:resource');
    loading.close();
    await sessionsLeft(server, bob, 0);
    const next = await connectTo(server, bob);
    open.push(next);
    open.push(await connectTo(server, await register(server.http, 'Last')));
    await watcher.next('realtime:resource');
    expect(watcher.resources()).toHaveLength(2);
    expect(await statusOf(watcher, bob)).toEqual([[bob.id, true]]);
  });

  it('a client that does not take its answers disturbs nobody, and gets them when it reads on', async () => {
    const stuck = await RawWebSocket.open(server.url);
    open.push(stuck);
    stuck.emit('authenticate', { token: bob.token });
    await stuck.heard('authenticated');
    stuck.stopReading();
    const data = Array.from({ length: 1_000 }, () => `${ann.id}`);
    for (let count = 0; count < 400; count += 1) stuck.send(`42${count}${JSON.stringify(['online:get', { data }])}`);
    expect(await statusOf(client, ann)).toEqual([[ann.id, true]]);
    stuck.send('42400["online:set"]');
    stuck.readOn();
    await stuck.heard('43400[]');
  });

  describe('GET /api/presence', () => {
    const online = (ids: number[]): object[] => ids.map((member_id) => ({ member_id, is_online: true }));

    it('gives everybody who is online, page by page, in the order of their ids', async () => {
      const people = await Promise.all(['One', 'Two', 'Three'].map((name) => register(server.http, name)));
      for (const person of people) open.push(await connectTo(server, person));
      const ids = people.map(({ id }) => id).sort((one, other) => one - other);
      const first = await ann.http.get<{ online: object[] }>(`/api/presence?limit=2&after=${ids[0]! - 1}`);
      expect(first).toMatchObject({ status: 200, body: { online: online(ids.slice(0, 2)), has_next_page: true } });
      const second = await ann.http.get(`/api/presence?limit=2&after=${ids[1]!}`);
      expect(second.body).toEqual({ online: online(ids.slice(2)), has_next_page: false });
      expect((await ann.http.get<{ online: object[] }>('/api/presence')).body.online).toContainEqual(
        online([ann.id])[0],
      );
    });

    it('refuses what makes no sense, and who is nobody', async () => {
      for (const query of ['member_ids=', 'member_ids=a', 'member_ids=1,', 'limit=0', 'limit=1001', 'after=x', 'x=1']) {
        expect((await ann.http.get(`/api/presence?${query}`)).status).toBe(400);
      }
      expect((await server.http.get('/api/presence')).status).toBe(401);
    });
  });
});
