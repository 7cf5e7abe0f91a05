import { RoomTokens } from '../src/auth/room-tokens.js';
import { RealtimeWorld } from './support/realtime-world.js';

// Real: the whole server and the stock client. The numbers are the cases of docs/dialects/socket-io.md.
describe('joining and leaving rooms over Socket.IO', () => {
  let world: RealtimeWorld;

  beforeAll(async () => (world = await RealtimeWorld.start()));
  afterEach(() => world.closeClients());
  afterAll(() => world.close());

  it.each<[string, (room: string) => unknown]>([
    ['10: no token', () => undefined],
    ['10: junk', () => 'junk'],
    ['10: an access token', () => world.ann.token],
    ['11: a token for another room', () => world.server.app.get(RoomTokens).sign(world.ann.id, '/boards/other')],
    ['11: a token for another member', (room) => world.server.app.get(RoomTokens).sign(world.bob.id, room)],
    [
      '12: an expired token',
      (room) => world.sign({ sub: String(world.ann.id), name: room, aud: 'roomcast:room', exp: 1_000 }),
    ],
    ['13: the literal "twake"', () => 'twake'],
    ['38: the name with a slash more', () => world.server.app.get(RoomTokens).sign(world.ann.id, '/boards/closed/')],
  ])('%s does not open a room', async (_name, token) => {
    const client = await world.connectAs(world.ann);
    client.emit('realtime:join', { name: '/boards/closed', token: token('/boards/closed') });
    const error = await client.next('realtime:join:error');
    expect(error).toMatchObject({ name: '/boards/closed', error: 'User is not authorized to join room' });
    expect(error.message).toBe(error.error);
    await world.nothingFrom(client, world.ann, () => world.boards.publish('closed', 'a'));
  });

  it('38: a room that differs by a slash is another room', async () => {
    const client = await world.connectAs(world.ann);
    client.emit('realtime:join', { name: '/boards/a/', token: await world.roomToken(world.ann, '/boards/a') });
    expect(await client.next('realtime:join:error')).toMatchObject({ name: '/boards/a/' });
  });

  it('12: a room joined earlier goes on delivering when its token has expired', async () => {
    const client = await world.connectAs(world.ann);
    const token = world.sign(
      { sub: String(world.ann.id), name: '/boards/short-token', aud: 'roomcast:room' },
      { expiresIn: 1 },
    );
    await client.join('/boards/short-token', token);
    await new Promise((resolve) => setTimeout(resolve, 1_100)); // the token's own clock counts in seconds
    await world.boards.publish('short-token', 'still');
    expect(await client.next('realtime:resource')).toMatchObject({ resource: { text: 'still' } });
  });

  it('14: the room /ping takes the access token and nothing else', async () => {
    const client = await world.connectAs(world.ann);
    await client.join('/ping', world.ann.token);
    for (const token of [undefined, 'junk', 'twake', world.bob.token]) {
      client.emit('realtime:join', { name: '/ping', token });
      await client.next('realtime:join:error');
    }
  });

  it('15: joining twice answers twice and delivers once', async () => {
    const client = await world.connectAs(world.ann);
    await world.joinAs(client, world.ann, '/boards/twice');
    await world.joinAs(client, world.ann, '/boards/twice');
    await world.boards.publish('twice', 'a');
    await world.boards.publish('twice', 'b');
    await client.next('realtime:resource', (payload) => payload.id === 2);
    expect(client.resources()).toHaveLength(2);
  });

  it('16: leaving a room one is not in is no error, and needs no token', async () => {
    const client = await world.connectAs(world.ann);
    client.emit('realtime:leave', { name: '/boards/never' });
    expect(await client.next('realtime:leave:success')).toEqual({ name: '/boards/never' });
  });

  it('17: after leaving nothing is delivered', async () => {
    const client = await world.connectAs(world.ann);
    await world.joinAs(client, world.ann, '/boards/left');
    client.emit('realtime:leave', { name: '/boards/left' });
    await client.next('realtime:leave:success');
    await world.nothingFrom(client, world.ann, () => world.boards.publish('left', 'a'));
  });

  it('18: join and leave in one burst are answered in order and end outside', async () => {
    const client = await world.connectAs(world.ann);
    const token = await world.roomToken(world.ann, '/boards/burst');
    client.emit('realtime:join', { name: '/boards/burst', token }).emit('realtime:leave', { name: '/boards/burst' });
    await client.next('realtime:leave:success');
    expect(client.frames.map((frame) => frame.event).slice(-2)).toEqual([
      'realtime:join:success',
      'realtime:leave:success',
    ]);
    await world.nothingFrom(client, world.ann, () => world.boards.publish('burst', 'a'));
  });

  it('36: nothing survives a reconnect: the client has to join again', async () => {
    const first = await world.connectAs(world.ann);
    await world.joinAs(first, world.ann, '/boards/reconnect');
    first.close();
    const second = await world.connectAs(world.ann);
    await world.nothingFrom(second, world.ann, () => world.boards.publish('reconnect', 'a'));
  });

  it.each<[string, unknown[]]>([
    ['no payload', []],
    ['no name', [{}]],
    ['a number as name', [{ name: 5 }]],
    ['an array', [['x']]],
    ['null', [null]],
    ['text', ['x']],
    ['an odd last_id', [{ name: '/boards/a', token: 't', last_id: 'x' }]],
    ['a negative last_id', [{ name: '/boards/a', token: 't', last_id: -1 }]],
    ['a deep name', [{ name: { a: { b: {} } } }]],
  ])('37: a request with %s gets an error, and the socket lives', async (_name, payload) => {
    const client = await world.connectAs(world.ann);
    for (const event of ['realtime:join', 'realtime:event']) {
      client.emit(event, ...payload);
      await client.next(`${event}:error`);
    }
    await world.joinAs(client, world.ann, '/boards/alive');
    expect(client.count('exception')).toBe(0);
  });

  it('thousands of joins are answered one by one, and others notice nothing', async () => {
    const [flooder, other] = [await world.connectAs(world.ann), await world.connectAs(world.bob)];
    await world.joinAs(other, world.bob, '/boards/calm');
    for (let index = 0; index < 3_000; index += 1)
      flooder.emit('realtime:join', { name: `/boards/flood-${index}`, token: 'junk' });
    await world.boards.publish('calm', 'a');
    await other.next('realtime:resource');
    await flooder.next('realtime:join:error', (payload) => payload.name === '/boards/flood-2999');
    expect(flooder.count('realtime:join:error')).toBe(3_000);
  });

  it('a session may be in a limited number of rooms', async () => {
    const small = await RealtimeWorld.start({ MAX_ROOMS_PER_SESSION: '2' });
    try {
      const client = await small.connectAs(small.ann);
      await small.joinAs(client, small.ann, '/boards/1');
      await small.joinAs(client, small.ann, '/boards/2');
      client.emit('realtime:join', { name: '/boards/3', token: await small.roomToken(small.ann, '/boards/3') });
      expect(await client.next('realtime:join:error')).toMatchObject({ name: '/boards/3', code: 'room.too_many' });
    } finally {
      await small.close();
    }
  });
});
