import { JwtService } from '@nestjs/jwt';
import { heardBefore, LiveWorld, made, refusal } from './live.fixture.js';
import { LiveClient, type LiveOptions } from './support/live-client.js';
import { PASSWORD, type Person, register } from './support/people.js';
import { RawWebSocket } from './support/raw-web-socket.js';

const UNAUTHORIZED = { code: 1008, reason: 'unauthorized' };
const ALLOWED = 'https://app.example.com';

// Real: plain WebSockets. The numbers are those of docs/dialects/daptin.md.
describe('a connection on /live', () => {
  let world: LiveWorld;
  let ann: Person;
  let bob: Person;
  const clients: LiveClient[] = [];

  beforeAll(async () => {
    world = await LiveWorld.open({ LIVE_PING_INTERVAL_MS: '600', RATE_LIMITS: 'on', ALLOWED_ORIGINS: ALLOWED });
    [ann, bob] = (await world.people('Ann', 'Bob')) as [Person, Person];
  });
  afterEach(() => {
    clients.splice(0).forEach((client) => client.close());
    world.hangUp();
  });
  afterAll(() => world.close());

  const connect = (options: LiveOptions): LiveClient => {
    const client = new LiveClient(world.server.url, options);
    clients.push(client);
    return client;
  };
  const bearer = (token: string): Record<string, string> => ({ authorization: `Bearer ${token}` });
  const cookie = (token: string, origin?: string): Record<string, string> => ({
    cookie: `theme=dark; token=${token}`,
    ...(origin === undefined ? {} : { origin }),
  });

  it.each([
    ['no token', (): LiveOptions => ({})],
    ['a bad one', (): LiveOptions => ({ token: 'nonsense' })],
    ['a bad header, a good query', (): LiveOptions => ({ token: ann.token, headers: bearer('nonsense') })],
    [
      'no bearer in the header, a good query',
      (): LiveOptions => ({ token: ann.token, headers: { authorization: 'Basic x' } }),
    ],
    ['a bad query, a good cookie', (): LiveOptions => ({ token: 'nonsense', headers: cookie(ann.token, ALLOWED) })],
    ['an expired token', (): LiveOptions => ({ token: signed({ sub: String(ann.id) }, -60) })],
  ])('%s: unauthorized, and nothing is ever served', async (_what, options) => {
    const client = connect(options());
    client.socket.once('open', () => client.send({ method: 'list-topic' }));
    await expect(client.closed).resolves.toEqual(UNAUTHORIZED);
    expect(client.frames).toEqual([{ message: 'unauthorized' }]);
  });

  it.each([
    ['the header', (): LiveOptions => ({ headers: { authorization: `bearer ${ann.token}` } })],
    ['the header before a bad query', (): LiveOptions => ({ token: 'nonsense', headers: bearer(ann.token) })],
    ['the query', (): LiveOptions => ({ token: ann.token })],
    ['a cookie, from an allowed origin', (): LiveOptions => ({ headers: cookie(ann.token, ALLOWED) })],
    ['a cookie, from the same host', (): LiveOptions => ({ headers: cookie(ann.token, world.server.url) })],
  ])('a good token in %s opens the door', async (_what, options) => {
    const client = connect(options());
    expect(await client.refused).toBeNull();
    expect((await client.ask('ping')).EventType).toBe('pong');
  });

  it('a page from elsewhere gets in with no cookie of somebody else', async () => {
    expect(await connect({ headers: cookie(ann.token, 'https://evil.example.com') }).refused).toBe(403);
    expect(await connect({ headers: cookie(ann.token) }).refused).toBe(403);
    const evil = { origin: 'https://evil.example.com' };
    expect(await connect({ token: ann.token, headers: evil }).refused).toBe(403);
  });

  it('a token from before the password changed is refused before there is a socket', async () => {
    const cy = await register(world.server.http, 'Cy');
    const open = await world.connect(cy);
    await cy.http.patch('/api/me', { password: 'another horse battery', current_password: PASSWORD });
    await expect(open.closed).resolves.toEqual({ code: 1008, reason: 'access ended' });
    expect(await connect({ token: cy.token }).refused).toBe(401);
  });

  it('the connection ends when its token expires', async () => {
    const client = connect({ token: signed({ sub: String(ann.id), since: 0 }, 2) });
    await expect(client.closed).resolves.toEqual({ code: 1008, reason: 'token expired' });
  });

  it('a banned member is sent away', async () => {
    const cy = await register(world.server.http, 'Cy');
    const client = await world.connect(cy);
    await world.boss.http.post(`/api/members/${cy.id}/ban`);
    await expect(client.closed).resolves.toEqual({ code: 1008, reason: 'access ended' });
  });

  it('junk gets one error frame for each, and the next request works', async () => {
    const client = await world.connect(bob);
    const junk: [unknown, string, string][] = [
      [{ method: 'dance' }, 'dance', 'no such method'],
      [{ method: 'subscribe' }, 'subscribe', 'missing or invalid topicName'],
      [{ method: 'subscribe', attributes: 'polls' }, 'subscribe', 'missing or invalid topicName'],
      ['[]', 'request', 'invalid request'],
      ['"x"', 'request', 'invalid request'],
      ['{}', 'request', 'invalid request'],
      ['{"method":7}', 'request', 'invalid request'],
      ['{', 'request', 'invalid JSON'],
      [Buffer.from([0xff, 0x00, 0x80]), 'request', 'invalid JSON'],
      [{ method: 'ping', id: { a: 1 } }, 'ping', 'invalid id'],
      [{ method: 'ping', id: 'x'.repeat(129) }, 'ping', 'invalid id'],
    ];
    for (const [frame] of junk) client.send(frame);
    expect((await client.ask('ping')).EventType).toBe('pong');
    expect(client.frames.slice(0, -1)).toEqual(
      junk.map(([, ObjectType, error]) => ({
        MessageSource: 'system',
        EventType: 'error',
        ObjectType,
        EventData: { error },
      })),
    );
  });

  it('ten malformed frames in a row are enough', async () => {
    const client = await world.connect(bob);
    for (let count = 0; count < 9; count += 1) client.send('{');
    await client.ask('ping');
    for (let count = 0; count < 10; count += 1) client.send('{');
    await expect(client.closed).resolves.toEqual({ code: 1008, reason: 'too many malformed requests' });
    expect(client.frames.filter(({ EventType }) => EventType === 'error')).toHaveLength(19);
  });

  it('binary frames, payload instead of attributes, and the type as a topic are understood', async () => {
    const client = await world.connect(bob);
    client.send(Buffer.from(JSON.stringify({ method: 'subscribe', payload: { topicName: 'polls' }, id: 1 })));
    expect(await client.next()).toMatchObject({ EventType: 'subscribed', ObjectType: 'polls', id: 1 });
    client.send({ method: 'subscribe', type: 'members', id: '2' });
    expect(await client.next()).toMatchObject({ EventType: 'subscribed', ObjectType: 'members', id: '2' });
    client.send({ method: 'subscribe', type: 'members', attributes: { topic: 'channels' }, id: 3 });
    expect(await client.next()).toMatchObject({ EventType: 'subscribed', ObjectType: 'channels', id: 3 });
  });

  it('a message of more than 1 MiB ends the connection', async () => {
    const client = await world.connect(bob);
    client.send({ method: 'ping', attributes: { text: 'x'.repeat(1024 * 1024) } });
    await expect(client.closed).resolves.toMatchObject({ code: 1009 });
  });

  it('two hundred subscriptions and no more', async () => {
    const client = await world.connect(world.boss);
    const rooms = Array.from({ length: 201 }, (_none, index) => `default/room ${index}`);
    client.send({ method: 'subscribe', attributes: { topic: rooms.join(',') }, id: 1 });
    await client.ask('ping');
    const answers = client.frames.slice(0, -1).map(({ EventType }) => EventType);
    expect(answers).toEqual([...Array<string>(200).fill('subscribed'), 'error']);
    expect(client.frames[200]!.EventData).toEqual({ error: 'rate limited' });
    await client.ask('unsubscribe', { topic: rooms[0] });
    await client.subscribe('polls');
  });

  it('who asks far too much is told so, and sent away when that does not help', async () => {
    const client = await world.connect(bob);
    for (let count = 0; count < 6_000; count += 1) client.send({ method: 'ping' });
    await expect(client.closed).resolves.toEqual({ code: 1008, reason: 'rate limited' });
    const errors = client.frames.filter(({ EventType }) => EventType === 'error');
    expect(errors[0]).toMatchObject({ ObjectType: 'ping', EventData: { error: 'rate limited' } });
  });

  it('who answers pings stays; who does not is gone', async () => {
    const client = await world.connect(bob);
    const mute = await RawWebSocket.connect(world.server.url, `/live?token=${ann.token}`);
    await mute.closed;
    expect((await client.ask('ping')).EventType).toBe('pong');
  });

  it('a shutdown says so', async () => {
    const other = await LiveWorld.open();
    const client = await other.connect(other.boss);
    await other.close();
    await expect(client.closed).resolves.toMatchObject({ code: 1001 });
  });

  it('one socket has nothing of another one', async () => {
    const topic = await world.topic(ann);
    const [one, two] = [await world.listen(bob, topic, { filters: { kind: 1 } }), await world.listen(bob, topic)];
    const speaker = await world.connect(ann);
    await made(speaker.ask('new-message', { topic, message: { kind: 2 } }));
    expect(await heardBefore(two, speaker, topic)).toHaveLength(1);
    await one.ask('unsubscribe', { topic });
    expect(one.events()).toEqual([]);
    expect(await refusal(one.ask('subscribe', { topic: 'nope' }))).toBe('topic not found: nope');
    expect(two.frames.filter(({ EventType }) => EventType === 'error')).toEqual([]);
  });

  function signed(claims: object, expiresIn: number): string {
    return new JwtService({ secret: world.server.settings.jwtSecret }).sign(claims, { expiresIn });
  }
});
