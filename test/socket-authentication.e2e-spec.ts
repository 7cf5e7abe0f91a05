import { RoomTokens } from '../src/auth/room-tokens.js';
import { SessionRegistry } from '../src/realtime/session-registry.js';
import { RealtimeWorld } from './support/realtime-world.js';

// Real: the whole server and the stock client. The numbers are the cases of docs/dialects/socket-io.md.
describe('authenticating over Socket.IO', () => {
  let world: RealtimeWorld;

  beforeAll(async () => (world = await RealtimeWorld.start()));
  afterEach(() => world.closeClients());
  afterAll(() => world.close());

  it('1: a valid token gives exactly one "authenticated" without arguments, and the socket stays open', async () => {
    const client = await world.connectAs(world.ann);
    await world.joinAs(client, world.ann, '/boards/stay');
    expect(client.frames.filter((frame) => frame.event === 'authenticated')).toEqual([
      { event: 'authenticated', payload: undefined },
    ]);
    expect(client.socket.connected).toBe(true);
  });

  it.each([
    ['{}', {}],
    ['an empty token', { token: '' }],
    ['a null token', { token: null }],
    ['no payload', undefined],
    ['a number', 42],
  ])('2, 4: %s is refused with "No token provided", and the socket closed', async (_name, payload) => {
    const client = await world.connect();
    client.emit('authenticate', ...(payload === undefined ? [] : [payload]));
    expect(await client.next('unauthorized')).toEqual({ err: 'No token provided' });
    expect(await client.next('disconnect')).toEqual({ reason: 'io server disconnect' });
    expect(client.count('authenticated')).toBe(0);
  });

  it.each<[string, () => unknown, object]>([
    ['random text', () => 'junk', { name: 'JsonWebTokenError', message: 'jwt malformed' }],
    ['a number', () => 5, { name: 'JsonWebTokenError', message: 'jwt must be a string' }],
    [
      'another secret',
      () => world.sign({ sub: '1' }, { secret: 'x'.repeat(40) }),
      { name: 'JsonWebTokenError', message: 'invalid signature' },
    ],
    [
      'an expired token',
      () => world.sign({ sub: '1', exp: 1_000 }),
      { name: 'TokenExpiredError', message: 'jwt expired', expiredAt: '1970-01-01T00:16:40.000Z' },
    ],
    [
      'a token of the future',
      () => world.sign({ sub: '1', nbf: 4_000_000_000 }),
      { name: 'NotBeforeError', message: 'jwt not active', date: '2096-10-02T07:06:40.000Z' },
    ],
    [
      'the algorithm none',
      () =>
        `${Buffer.from('{"alg":"none","typ":"JWT"}').toString('base64url')}.${Buffer.from('{"sub":"1"}').toString('base64url')}.`,
      { name: 'JsonWebTokenError', message: 'jwt signature is required' },
    ],
    [
      'a refresh token',
      () => world.sign({ sub: '1', type: 'refresh' }),
      { name: 'JsonWebTokenError', message: 'jwt type invalid' },
    ],
    ['an array', () => ['a'], { name: 'JsonWebTokenError', message: 'jwt must be a string' }],
  ])('3, 4: %s is refused with the reason, and the server serves on', async (_name, token, err) => {
    const client = await world.connect();
    client.emit('authenticate', { token: token() });
    expect(await client.next('unauthorized')).toEqual({ err });
    expect(await client.next('disconnect')).toEqual({ reason: 'io server disconnect' });
    await world.connectAs(world.ann);
  });

  it('41: a room token does not authenticate', async () => {
    const client = await world.connect();
    client.emit('authenticate', { token: await world.roomToken(world.ann, '/boards/a') });
    expect(await client.next('unauthorized')).toEqual({
      err: { name: 'JsonWebTokenError', message: 'jwt audience invalid' },
    });
  });

  it('5: authenticating again neither loses rooms nor doubles replies', async () => {
    const client = await world.connectAs(world.ann);
    await world.joinAs(client, world.ann, '/boards/again');
    await client.authenticate(world.ann.token);
    await world.joinAs(client, world.ann, '/boards/again-2');
    await world.boards.publish('again', 'one');
    await client.next('realtime:resource');
    await world.boards.publish('again-2', 'last');
    await client.next('realtime:resource', (payload) => payload.room === '/boards/again-2');
    expect(client.count('realtime:join:success')).toBe(2);
    expect(client.resources()).toHaveLength(2);
  });

  it('6: a bad token later ends the socket and its rooms', async () => {
    const client = await world.connectAs(world.ann);
    await world.joinAs(client, world.ann, '/boards/later');
    client.emit('authenticate', { token: 'junk' });
    await client.next('unauthorized');
    await client.next('disconnect');
    expect(
      [...world.server.app.get(SessionRegistry).feeds.keys()].filter((stream) => stream.endsWith('/later')),
    ).toEqual([]);
  });

  it('7: without authentication nothing can be joined', async () => {
    const client = await world.connect();
    client.emit('realtime:join', { name: '/boards/a', token: await world.roomToken(world.ann, '/boards/a') });
    expect(await client.next('realtime:join:error')).toMatchObject({ name: '/boards/a' });
  });

  it('a valid token of nobody we know authenticates, but opens nothing', async () => {
    const client = await (await world.connect()).authenticate(world.sign({ _id: 'x' }));
    const name = '/boards/a';
    client.emit('realtime:join', { name, token: world.server.app.get(RoomTokens).sign(424_242, name) });
    expect(await client.next('realtime:join:error')).toMatchObject({ name });
  });

  it('8: authenticate and join may be sent back to back', async () => {
    const client = await world.connect();
    const token = await world.roomToken(world.ann, '/boards/burst');
    client.emit('authenticate', { token: world.ann.token }).emit('realtime:join', { name: '/boards/burst', token });
    await client.next('authenticated');
    expect(await client.next('realtime:join:success')).toMatchObject({ name: '/boards/burst' });
  });
});
