import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { JwtService } from '@nestjs/jwt';
import { RateLimits } from '../src/limits/rate-limits.js';
import { Drain } from '../src/realtime/drain.js';
import { MsquaredClient, type MsquaredOptions, toProtocol, WARNINGS } from './support/msquared-client.js';
import type { Person } from './support/people.js';
import { headersOf, HERE, key, ResourceWorld } from './resources.fixture.js';

const SEED = 'zvtwh2Pc4738C3hkLXwcLbY3LnsqYfMmKG2NWiWNE9yL8xVwQhcLFKCzzne1fqbf';
const WITH_TOKEN =
  '8q798416Sac5w91SwnFPz4CMrH7hgrBTYrQvxnxLZYGFTSVePsadeH5ZvunYatJ83Hgu9jAZsp4kkME31xnYhaunAd2VJ5mt1EBa';
const KEY = 'World:kvstoreClient:testKey';
const HEADERS = headersOf(HERE);

/** What a browser can do: a WebSocket with nothing but sub-protocols, as the platform brings it. */
const BROWSER = `
  const [url, protocol, message] = process.argv.slice(1);
  const socket = new WebSocket(url, protocol);
  socket.onopen = () => socket.send(message);
  socket.onmessage = ({ data }) => (console.log(JSON.stringify([socket.protocol === protocol, JSON.parse(data)])), socket.close());
  socket.onerror = () => process.exit(1);
`;

// Real: the whole server, its database, plain WebSockets.
describe('connections on /api/realtime', () => {
  let world: ResourceWorld;
  let ann: Person;
  const clients: MsquaredClient[] = [];

  beforeAll(async () => {
    world = await ResourceWorld.open({ REALTIME_PING_INTERVAL_MS: '200', MAX_ROOMS_PER_SESSION: '3' });
  });
  beforeEach(async () => {
    ann = await world.person('Ann');
  });
  afterEach(() => {
    clients.splice(0).forEach((client) => client.close());
    world.hangUp();
  });
  afterAll(() => world.close());

  const open = async (options: MsquaredOptions): Promise<MsquaredClient> => {
    const client = await MsquaredClient.open(world.nodes[0].url, options);
    clients.push(client);
    return client;
  };
  const tokenFor = (id: number, seconds: number): string => {
    const exp = Math.floor(Date.now() / 1_000) + seconds;
    const secret = world.nodes[0].settings.jwtSecret;
    return new JwtService({ secret }).sign({ sub: String(id), workspace: 1, type: 'access', exp });
  };
  const refusal = (options: MsquaredOptions): Promise<string> =>
    open(options).then(
      () => 'taken',
      ({ message }: Error) => message,
    );

  describe('the handshake', () => {
    it.each([
      ['without a token', SEED, HERE],
      ['with a token', WITH_TOKEN, { organization: 'acme', project: 'demo' }],
    ])(
      'the known example %s is accepted, its sub-protocol chosen, its context heeded',
      async (_what, protocol, where) => {
        const client = await open({ token: ann.token, protocols: ['json', protocol, 'other'] });
        expect(client.socket.protocol).toBe(protocol);
        expect(await client.subscribe('kvStore', KEY)).toEqual(WARNINGS.KVStore);
        await world.at(ann, where).put(key('testKey'), { value: 1 });
        expect(await client.next()).toMatchObject({ data: { key: 'testKey', data: 1 } });
      },
    );

    it('a browser connects with nothing but a sub-protocol', async () => {
      const protocol = toProtocol([
        'x-m2-organization:testOrg',
        'x-m2-project:testProj',
        `authorization:Bearer ${ann.token}`,
      ]);
      const url = `${world.nodes[0].url.replace('http', 'ws')}/api/realtime/`;
      const message = JSON.stringify({ action: 'subscribe', resource: { type: 'kvStore', id: KEY } });
      const run = promisify(execFile);
      const { stdout } = await run(process.execPath, [
        '--experimental-websocket',
        '-e',
        BROWSER,
        url,
        protocol,
        message,
      ]);
      expect(JSON.parse(stdout)).toEqual([true, WARNINGS.KVStore]);
    });

    it('a real header goes before the one in the sub-protocol', async () => {
      const protocols = [toProtocol(['x-m2-organization:testOrg', 'x-m2-project:B'])];
      const client = await open({ token: ann.token, protocols, headers: { 'x-m2-project-id': 'A' } });
      await client.subscribe('kvStore', KEY);
      await world.at(ann, { ...HERE, project: 'B' }).put(key('testKey'), { value: 'B' });
      await world.at(ann, { ...HERE, project: 'A' }).put(key('testKey'), { value: 'A' });
      expect(await client.next()).toMatchObject({ data: { data: 'A' } });
    });

    it('without a sub-protocol none is chosen, and a slash at the end makes no difference', async () => {
      for (const path of ['/api/realtime', '/api/realtime/', '/api/realtime/?x=1']) {
        expect((await open({ token: ann.token, headers: HEADERS, path })).socket.protocol).toBe('');
      }
    });

    it('both spellings of each header are known', async () => {
      const headers = { 'X-M2-Organization-Id': 'testOrg', 'X-M2-Project-Id': 'testProj', 'x-m2-world-id': 'w' };
      const client = await open({ token: ann.token, headers });
      await client.subscribe('kvStore', KEY);
      await world.at(ann, { ...HERE, world: 'w' }).put(key('testKey'), { value: 1 });
      expect(await client.next()).toMatchObject({ data: { data: 1 } });
    });

    it('says what is wrong before there is a WebSocket', async () => {
      const token = ann.token;
      const program = await world.program();
      const refusals: [MsquaredOptions, number][] = [
        [{ headers: HEADERS }, 401],
        [{ headers: { ...HEADERS, authorization: 'Bearer junk' } }, 401],
        [{ headers: { ...HEADERS, authorization: `Basic ${token}` } }, 401],
        [{ headers: { ...HEADERS, 'x-api-key': 'junk' } }, 401],
        [{ headers: { ...HEADERS, 'x-api-key': program.key } }, 403],
        [{ token: tokenFor(424242, 60), headers: HEADERS }, 401],
        [{ token: tokenFor(ann.id, -60), headers: HEADERS }, 401],
        [{ token, headers: {} }, 400],
        [{ token, headers: { 'x-m2-project': 'testProj' } }, 400],
        [{ token, headers: { ...HEADERS, 'x-m2-project-id': 'other' } }, 400],
        [{ token, headers: { ...HEADERS, 'x-m2-organization': 'a b' } }, 400],
        [{ token, headers: { 'x-m2-organization': 'testOrg', 'x-m2-world': 'w' } }, 400],
        [{ token, headers: HEADERS, protocols: ['json'] }, 400],
        [{ token, headers: HEADERS, protocols: [toProtocol('cookie:c')] }, 400],
        [{ token, headers: { ...HEADERS, 'sec-websocket-protocol': '' } }, 400],
        [{ token, headers: HEADERS, protocols: ['2'.repeat(11_500)] }, 400],
      ];
      for (const [options, status] of refusals) expect(await refusal(options)).toBe(`refused with ${status}`);
    });

    it('an organization is one’s own workspace, and for the workspace main any that is nobody else’s', async () => {
      const neighbour = await world.neighbour('acme-games');
      const as = ({ token }: Pick<Person, 'token'>, organization: string) =>
        refusal({ token, headers: { 'x-m2-organization': organization } });
      expect(await as(neighbour, 'acme-games')).toBe('taken');
      expect(await as(neighbour, 'Acme-Games')).toBe('taken');
      for (const other of ['main', 'testOrg']) expect(await as(neighbour, other)).toBe('refused with 403');
      for (const own of ['main', 'MAIN', 'testOrg', 'whatever']) expect(await as(ann, own)).toBe('taken');
      expect(await as(ann, 'acme-games')).toBe('refused with 403');
      expect(await as(ann, 'ACME-games')).toBe('refused with 403');
    });
  });

  describe('the end', () => {
    it('ten messages in a row that mean nothing close it, and a good one begins the count anew', async () => {
      const client = await open({ token: ann.token, headers: HEADERS });
      for (let sent = 0; sent < 9; sent += 1) client.send('nonsense');
      await client.subscribe('kvStore', KEY);
      for (let sent = 0; sent < 9; sent += 1) client.send(Buffer.from([sent]));
      expect((await client.rest()).filter(({ error }) => error === 'Invalid message format')).toHaveLength(17);
      for (let sent = 0; sent < 12; sent += 1) client.send('{}');
      expect(await client.closed).toBe(1008);
    });

    it('a message of more than 64 KiB closes it', async () => {
      const client = await open({ token: ann.token, headers: HEADERS });
      client.send('x'.repeat(64 * 1024));
      expect(await client.next()).toEqual({ error: 'Invalid message format' });
      client.send('x'.repeat(64 * 1024 + 1));
      expect(await client.closed).toBe(1009);
    });

    it('comes with the end of the token', async () => {
      const client = await open({ token: tokenFor(ann.id, 1), headers: HEADERS });
      expect(await client.closed).toBe(1008);
    });

    it('comes when the member logs out everywhere, is banned, or the workspace goes', async () => {
      const ended: ((person: Person) => Promise<unknown>)[] = [
        (person) => person.http.post('/api/auth/logout-everywhere'),
        (person) => world.boss.http.post(`/api/members/${person.id}/ban`),
        (person) => world.boss.http.delete(`/api/members/${person.id}`),
      ];
      for (const end of ended) {
        const person = await world.person('Guest');
        const client = await open({ token: person.token, headers: HEADERS });
        await client.subscribe('kvStore', KEY);
        await end(person);
        expect(await client.closed).toBe(1008);
      }
    });

    it('comes to a client that does not answer pings, and to no other', async () => {
      const silent = await open({ token: ann.token, headers: HEADERS });
      const lively = await open({ token: ann.token, headers: HEADERS });
      silent.socket.pong = () => undefined;
      const pinged = new Promise((resolve) => lively.socket.on('ping', resolve));
      expect(await silent.closed).toBe(1006);
      await pinged;
      expect(await lively.subscribe('kvStore', KEY)).toEqual(WARNINGS.KVStore);
    });
  });

  it('there are only so many subscriptions, and one that is repeated is not one more', async () => {
    const client = await open({ token: ann.token, headers: HEADERS });
    const id = (name: string): string => `World:kvstoreClient:${name}`;
    for (const name of ['a', 'b', 'c', 'a'])
      expect(await client.subscribe('kvStore', id(name))).toEqual(WARNINGS.KVStore);
    expect(await client.subscribe('kvStore', id('d'))).toEqual({ error: 'Too many subscriptions' });
    client.unsubscribe('kvStore', id('b'));
    expect(await client.subscribe('kvStore', id('d'))).toEqual(WARNINGS.KVStore);
  });

  it('whose organization becomes somebody else’s is told so, and hears no more', async () => {
    const where = { organization: 'not-yet', project: 'p' };
    const client = await open({ token: ann.token, headers: headersOf(where) });
    expect(await client.subscribe('kvStore', KEY)).toEqual(WARNINGS.KVStore);
    await world.neighbour('not-yet');
    expect(await client.subscribe('liveConfig', 'game')).toEqual({ error: 'Forbidden' });
    // Whatever changes for a member, their rooms are looked at anew.
    await world.boss.http.patch(`/api/members/${ann.id}`, { role: 'administrator' });
    expect(await client.next()).toEqual({ error: 'Forbidden' });
    expect(await client.subscribe('kvStore', KEY)).toEqual({ error: 'Forbidden' });
  });

  it('whoever asks too often is told so, and may go on later', async () => {
    const client = await open({ token: ann.token, headers: HEADERS });
    const limits = jest.spyOn(world.nodes[0].app.get(RateLimits), 'socketRequest').mockResolvedValueOnce(1);
    expect(await client.subscribe('kvStore', KEY)).toEqual({ error: 'Rate limit exceeded' });
    expect(await client.subscribe('kvStore', KEY)).toEqual(WARNINGS.KVStore);
    limits.mockRestore();
  });

  it('a node that stops says so, and takes nobody new', async () => {
    const drain = world.nodes[0].app.get(Drain);
    drain.leaving = true;
    try {
      expect(await world.http.get('/api/realtime/status')).toMatchObject({
        status: 503,
        body: { status: 'unavailable', service: 'realtime' },
      });
      expect(await refusal({ token: ann.token, headers: HEADERS })).toBe('refused with 503');
    } finally {
      drain.leaving = false;
    }
  });

  it('the status needs no credential', async () => {
    for (const path of ['/api/realtime/status', '/api/realtime/status/']) {
      const { status, body } = await world.http.get(path);
      expect(status).toBe(200);
      expect(body).toEqual({
        status: 'ok',
        service: 'realtime',
        version: expect.any(String),
        uptimeSeconds: expect.any(Number),
      });
    }
  });

  it('counts as a door of its own', async () => {
    const client = await open({ token: ann.token, headers: HEADERS });
    await client.subscribe('kvStore', KEY);
    const text = await (await fetch(`${world.nodes[0].url}/metrics`)).text();
    expect(text).toMatch(/roomcast_connections\{[^}]*door="msquared"[^}]*\} \d/);
  });
});
