import { randomBytes } from 'node:crypto';
import { JwtService } from '@nestjs/jwt';
import { ChatWorld } from './chat.fixture.js';
import { CableClient, type CableOptions } from './support/cable-client.js';
import type { Person } from './support/people.js';
import { startServer } from './support/start-server.js';

const ROOMS = JSON.stringify({ channel: 'ChatRoomChannel' });

// Real: the whole server and a plain WebSocket. The numbers are those of docs/dialects/actioncable.md.
describe('a connection on /cable', () => {
  let world: ChatWorld;
  let ann: Person;
  let bob: Person;
  const clients: CableClient[] = [];

  beforeAll(async () => {
    world = await ChatWorld.open({ CABLE_PING_INTERVAL_MS: '200' });
    [ann, bob] = (await world.members(2)) as [Person, Person];
  });
  afterEach(() => clients.splice(0).forEach((client) => client.close()));
  afterAll(() => world.close());

  const connect = (options: CableOptions): CableClient => {
    const client = new CableClient(world.server.url, options);
    clients.push(client);
    return client;
  };
  const open = async (person: Person, options: CableOptions = {}): Promise<CableClient> => {
    const client = connect({ token: person.token, ...options });
    await client.next(({ type }) => type === 'welcome');
    return client;
  };

  it('case 1: a valid token without sub-protocol: no protocol header, a welcome with sid, a ping', async () => {
    const client = await open(ann);
    expect(client.socket.protocol).toBe('');
    expect(client.frames[0]).toEqual({ type: 'welcome', sid: expect.stringMatching(/^[\w-]{21}$/) });
    await client.pinged(1);
  });

  it('case 2: no token: one frame that says unauthorized, and the end', async () => {
    const client = connect({});
    await expect(client.closed).resolves.toBe(1000);
    expect(client.frames).toEqual([{ type: 'disconnect', reason: 'unauthorized', reconnect: false }]);
  });

  it.each([
    ['no token at all', 'nonsense'],
    ['a token of another secret', new JwtService({ secret: randomBytes(32).toString('hex') }).sign({ sub: '1' })],
  ])('case 2: %s: unauthorized, never a welcome', async (_what, token) => {
    const client = connect({ token });
    await expect(client.closed).resolves.toBe(1000);
    expect(client.frames).toEqual([{ type: 'disconnect', reason: 'unauthorized', reconnect: false }]);
  });

  it('case 3: an expired token: token_expired', async () => {
    const jwt = new JwtService({ secret: world.server.settings.jwtSecret });
    const client = connect({ token: jwt.sign({ sub: String(ann.id) }, { expiresIn: -60 }) });
    await expect(client.closed).resolves.toBe(1000);
    expect(client.frames).toEqual([{ type: 'disconnect', reason: 'token_expired', reconnect: false }]);
  });

  it('a token that expires while connected: token_expired', async () => {
    const jwt = new JwtService({ secret: world.server.settings.jwtSecret });
    const client = connect({ token: jwt.sign({ sub: String(ann.id) }, { expiresIn: 1 }) });
    await expect(client.closed).resolves.toBe(1000);
    expect(client.frames.at(-1)).toEqual({ type: 'disconnect', reason: 'token_expired', reconnect: false });
  });

  it.each<[string, (token: string) => CableOptions]>([
    ['the query as token', (token) => ({ query: `?token=${token}` })],
    ['the query as jid', (token) => ({ query: `?pi=3&jid=${token}` })],
    ['a header of its own', (token) => ({ headers: { 'x-jid': token } })],
    ['the sub-protocols', (token) => ({ protocols: ['actioncable-v1-json', `anycable-token.${token}`] })],
  ])('takes the token from %s', async (_where, options) => {
    const client = connect(options(ann.token));
    await client.next(({ type }) => type === 'welcome');
  });

  it.each([
    [['actioncable-v1-json', 'actioncable-unsupported'], 'actioncable-v1-json'],
    [['actioncable-v1-ext-json'], 'actioncable-v1-ext-json'],
    [['something-else', 'actioncable-v1-json'], 'actioncable-v1-json'],
    [['actioncable-unsupported'], 'actioncable-unsupported'],
  ])('of %j it speaks %s', async (protocols, chosen) => {
    const client = await open(ann, { protocols });
    expect(client.socket.protocol).toBe(chosen);
  });

  it('case 5: what is sent before the welcome is answered after it', async () => {
    const client = connect({ token: ann.token });
    client.sendOnOpen({ command: 'subscribe', identifier: ROOMS });
    await client.next(({ type }) => type === 'confirm_subscription');
    expect(client.frames.map(({ type }) => type)).toEqual(['welcome', 'confirm_subscription']);
  });

  it('case 6: an identifier of odd spacing and order comes back byte for byte', async () => {
    const client = await open(ann);
    const odd = `{ "community_member_id" : ${ann.id},\t"x":"\\u00e9",   "channel":"ChatRoomChannel"}`;
    await expect(client.subscribe(odd)).resolves.toEqual({ identifier: odd, type: 'confirm_subscription' });
    const refused = `{"b":1, "channel":"Nothing"}`;
    await expect(client.subscribe(refused)).resolves.toEqual({ identifier: refused, type: 'reject_subscription' });
    await world.direct(ann, await world.member());
    const { identifier } = await client.next(({ message }) => message?.event === 'chatRoomCreated');
    expect(identifier).toBe(odd);
  });

  it('case 8: ids may be texts of digits', async () => {
    const client = await open(ann);
    const about = (id: unknown): object => ({ channel: 'NotificationChannel', community_member_id: id });
    await expect(client.subscribe(about(String(ann.id)))).resolves.toMatchObject({ type: 'confirm_subscription' });
    for (const id of [`${ann.id} `, `${ann.id}.0`, ann.id + 0.5, [ann.id], { id: ann.id }, true, null, '', '1e3']) {
      await expect(client.subscribe(about(id))).resolves.toMatchObject({ type: 'reject_subscription' });
    }
  });

  it.each(['NotificationChannel', 'ChatRoomChannel', 'Chats::CommunityMemberThreadsChannel'])(
    'case 7: nobody, not even an administrator, subscribes to the %s of somebody else',
    async (channel) => {
      const client = await open(world.boss);
      const reply = await client.subscribe({ channel, community_member_id: ann.id });
      expect(reply.type).toBe('reject_subscription');
      await expect(client.subscribe({ channel, contact_id: ann.id })).resolves.toMatchObject({
        type: 'reject_subscription',
      });
      await world.direct(bob, await world.member());
      await expect(client.subscribe({ channel })).resolves.toMatchObject({ type: 'confirm_subscription' });
      expect(client.frames.filter(({ message }) => message)).toEqual([]);
    },
  );

  it('case 10 and 11: what is repeated is answered with silence, and nothing comes after unsubscribe', async () => {
    const client = await open(ann);
    await client.subscribe(ROOMS);
    client.send({ command: 'subscribe', identifier: ROOMS });
    client.send({ command: 'subscribe', identifier: ROOMS });
    const room = await world.direct(ann, await world.member());
    await client.event('chatRoomCreated');
    expect(client.events('ChatRoomChannel')).toEqual(['chatRoomCreated']);
    client.send({ command: 'unsubscribe', identifier: ROOMS });
    client.send({ command: 'unsubscribe', identifier: ROOMS });
    await client.subscribe({ channel: 'Chats::RoomChannel', chat_room_id: room.id });
    await world.say(ann, room, 'Hello');
    await client.event('newMessage', 'Chats::RoomChannel');
    expect(client.frames.map(({ type, message }) => type ?? message!.event)).toEqual([
      'welcome',
      'confirm_subscription',
      'chatRoomCreated',
      'confirm_subscription',
      'newMessage',
    ]);
  });

  it('case 12: frames that make no sense are left alone', async () => {
    const client = await open(ann);
    const junk = [
      { action: 'message', data: 'Hello Server!' },
      'not json',
      '[]',
      '42',
      'null',
      '""',
      Buffer.from([0, 1, 2, 255]),
      { command: 'subscribe' },
      { command: 'subscribe', identifier: 7 },
      { command: 'message', identifier: ROOMS, data: '{"action":"speak"}' },
      { command: 'whisper', identifier: ROOMS, data: {} },
      { command: 'history', identifier: ROOMS, history: { since: 'yesterday' } },
      { command: 'pong' },
      `${'['.repeat(20_000)}`,
    ];
    for (const frame of junk) client.send(frame);
    await expect(client.subscribe(ROOMS)).resolves.toMatchObject({ type: 'confirm_subscription' });
    expect(client.frames).toHaveLength(2);
  });

  it.each([
    '{"channel":"NoSuchChannel"}',
    '{}',
    'not json',
    '[]',
    '"x"',
    '{"channel":7}',
    '{"channel":"constructor"}',
    '',
  ])('case 13: %s is rejected with the text as it came', async (identifier) => {
    const client = await open(ann);
    await expect(client.subscribe(identifier)).resolves.toEqual({ identifier, type: 'reject_subscription' });
  });

  it('case 14: pings carry whole seconds', async () => {
    const client = await open(ann);
    await client.pinged(3);
    for (const ping of client.pings) expect(Math.abs(ping - Date.now() / 1000)).toBeLessThan(60);
    expect(client.pings.every(Number.isInteger)).toBe(true);
  });

  it('a frame of more than 64 KiB closes with 1009; one of less does not', async () => {
    const client = await open(ann);
    client.send({ command: 'message', identifier: 'x'.repeat(65_000) });
    await expect(client.subscribe(ROOMS)).resolves.toMatchObject({ type: 'confirm_subscription' });
    client.send('x'.repeat(70_000));
    await expect(client.closed).resolves.toBe(1009);
  });

  it('a plain GET finds nothing there', async () => {
    expect((await world.server.http.get('/cable')).status).toBe(404);
  });

  it('a member who is banned is told remote, and does not get in again', async () => {
    const member = await world.member();
    const client = await open(member);
    await world.boss.http.post(`/api/members/${member.id}/ban`);
    await expect(client.closed).resolves.toBe(1000);
    expect(client.frames.at(-1)).toEqual({ type: 'disconnect', reason: 'remote', reconnect: false });
    const again = connect({ token: member.token });
    await again.closed;
    expect(again.frames).toEqual([{ type: 'disconnect', reason: 'unauthorized', reconnect: false }]);
  });

  it('who logs out everywhere is told remote', async () => {
    const member = await world.member();
    const client = await open(member);
    await member.http.post('/api/auth/logout-everywhere');
    await expect(client.closed).resolves.toBe(1000);
    expect(client.frames.at(-1)).toEqual({ type: 'disconnect', reason: 'remote', reconnect: false });
  });
});

// Real: a server that stops, and one with a list of origins.
describe('the /cable of a server', () => {
  it('case 15: that stops says server_restart to everybody', async () => {
    const world = await ChatWorld.open();
    const people = await world.members(3);
    const clients = await Promise.all(people.map(({ token }) => CableClient.open(world.server.url, { token })));
    await world.close();
    for (const client of clients) {
      await expect(client.closed).resolves.toBe(1001);
      expect(client.frames.at(-1)).toEqual({ type: 'disconnect', reason: 'server_restart', reconnect: true });
    }
  });

  it('case 4: with a list of origins refuses the others with 403, also who names none', async () => {
    const server = await startServer({ env: { ALLOWED_ORIGINS: 'https://app.example.com,*.friends.test' } });
    const status = (headers: Record<string, string>): Promise<number> =>
      new Promise((resolve) => {
        const { socket } = new CableClient(server.url, { headers });
        socket.once('unexpected-response', (_request, response) => (resolve(response.statusCode!), socket.terminate()));
        socket.once('open', () => (resolve(101), socket.terminate()));
      });
    try {
      await expect(status({ origin: 'https://app.example.com' })).resolves.toBe(101);
      await expect(status({ origin: 'https://a.friends.test:8443' })).resolves.toBe(101);
      await expect(status({ origin: 'https://evil.test' })).resolves.toBe(403);
      await expect(status({ origin: 'https://app.example.com.evil.test' })).resolves.toBe(403);
      await expect(status({})).resolves.toBe(403);
    } finally {
      await server.close();
    }
  });
});
