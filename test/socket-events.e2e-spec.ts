import { Cards } from './support/boards.module.js';
import { RealtimeWorld } from './support/realtime-world.js';
import type { SocketClient } from './support/socket-client.js';

// Real: the whole server and the stock client. The numbers are the cases of docs/dialects/socket-io.md.
describe('events over Socket.IO', () => {
  let world: RealtimeWorld;

  beforeAll(async () => (world = await RealtimeWorld.start()));
  afterEach(() => world.closeClients());
  afterAll(() => world.close());

  it('19, 20: only those in the room receive it, with the five keys, id and time', async () => {
    const [inside, outside] = [await world.connectAs(world.ann), await world.connectAs(world.bob)];
    await world.joinAs(inside, world.ann, '/boards/ink');
    await world.server.app.get(Cards).create({ id: '17', board: 'ink', label: 'buy ink' });
    const frame = await inside.next('realtime:resource');
    expect(frame).toEqual({
      action: 'created',
      room: '/boards/ink',
      type: 'card',
      path: '/boards/ink/17',
      resource: { id: '17', board: 'ink', label: 'buy ink' },
      id: 1,
      created_at: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/) as string,
    });
    await world.nothingFrom(outside, world.bob, () => Promise.resolve());
  });

  it('22, 23: each recipient gets its own resource; a socket in two rooms gets a copy for each', async () => {
    const client = await world.connectAs(world.ann);
    for (const room of ['short', 'one', 'two']) await world.joinAs(client, world.ann, `/boards/${room}`);
    await world.server.app.get(Cards).update({ id: '1', board: 'x' });
    for (const room of ['short', 'one', 'two']) {
      const all = client.resources(`/boards/${room}`);
      const frame = all[0] ?? (await client.next('realtime:resource', (payload) => payload.room === `/boards/${room}`));
      expect(frame).toMatchObject({
        action: 'updated',
        room: `/boards/${room}`,
        resource: room === 'short' ? { short: true } : { id: '1' },
      });
    }
  });

  it('34: a client event reaches the room and not a sender outside of it', async () => {
    const [inside, sender] = [await world.connectAs(world.ann), await world.connectAs(world.bob)];
    await world.joinAs(inside, world.ann, '/boards/typing');
    const token = await world.roomToken(world.bob, '/boards/typing');
    const data = { type: 'writing', event: { is_writing: true } };
    sender.emit('realtime:event', { name: '/boards/typing', token, data });
    expect(await inside.next('realtime:event')).toEqual({ name: '/boards/typing', data });
    await world.nothingFrom(sender, world.bob, () => Promise.resolve());
    expect(sender.count('realtime:event')).toBe(0);
  });

  it('35: a client event without a token is refused', async () => {
    const [inside, sender] = [await world.connectAs(world.ann), await world.connectAs(world.bob)];
    await world.joinAs(inside, world.ann, '/boards/typing-2');
    sender.emit('realtime:event', { name: '/boards/typing-2', data: 1 });
    expect(await sender.next('realtime:event:error')).toMatchObject({
      name: '/boards/typing-2',
      message: 'User is not authorized to emit in this room',
    });
    await world.boards.publish('typing-2', 'proof');
    await inside.next('realtime:resource');
    expect(inside.count('realtime:event')).toBe(0);
  });

  it('17: any authenticated socket emitting "message" reaches nobody', async () => {
    const [one, other] = [await world.connectAs(world.ann), await world.connectAs(world.bob)];
    one.emit('message', 'hello all');
    await world.joinAs(one, world.ann, '/boards/message-proof');
    await world.nothingFrom(other, world.bob, () => Promise.resolve());
    expect(other.count('message')).toBe(0);
  });

  it('40: a room token works for nobody else', async () => {
    const client = await world.connectAs(world.bob);
    client.emit('realtime:join', { name: '/boards/a', token: await world.roomToken(world.ann, '/boards/a') });
    await client.next('realtime:join:error');
  });

  it.each([
    ['websocket', ['websocket']],
    ['polling', ['polling']],
  ])('42: 100 events arrive in order and once each over %s', async (transport, transports) => {
    const client = await (await world.connect({ transports })).authenticate(world.ann.token);
    const board = `hundred-${transport}`;
    await world.joinAs(client, world.ann, `/boards/${board}`);
    for (let step = 0; step < 10; step += 1) {
      await world.boards.publish(board, ...Array.from({ length: 10 }, (_value, index) => `${step * 10 + index + 1}`));
    }
    await client.next('realtime:resource', (payload) => payload.id === 100);
    expect(client.resources().map((frame) => frame.id)).toEqual(
      Array.from({ length: 100 }, (_value, index) => index + 1),
    );
    expect(client.resources().map((frame) => Number(frame.resource.text))).toEqual(
      client.resources().map((frame) => frame.id),
    );
  });

  it('a client that starts with polling and upgrades loses nothing on the way', async () => {
    const client = await (await world.connect({ transports: ['polling', 'websocket'] })).authenticate(world.ann.token);
    await world.joinAs(client, world.ann, '/boards/upgrade');
    for (let step = 1; step <= 200; step += 1) await world.boards.publish('upgrade', `${step}`);
    await client.next('realtime:resource', (payload) => payload.id === 200);
    expect(client.resources().map((frame) => frame.id)).toEqual(
      Array.from({ length: 200 }, (_value, index) => index + 1),
    );
  });

  it.each([2, 3, 4])('client major %i connects, joins and receives', async (major) => {
    const module = (await import(major === 4 ? 'socket.io-client' : `socket.io-client-${major}`)) as {
      default: unknown;
      io?: unknown;
    };
    const io = (module.io ?? module.default) as (url: string, options: object) => SocketClient['socket'];
    for (const transports of [['websocket'], ['polling']]) {
      const socket = io(world.server.url, { path: '/socket', transports, forceNew: true, reconnection: false });
      const once = (event: string): Promise<unknown> => new Promise((resolve) => socket.once(event, resolve));
      try {
        await once('connect');
        const room = `/boards/major-${major}-${transports[0]}`;
        socket.emit('authenticate', { token: world.ann.token });
        await once('authenticated');
        socket.emit('realtime:join', { name: room, token: await world.roomToken(world.ann, room) });
        await once('realtime:join:success');
        const received = once('realtime:resource');
        await world.boards.publish(room.slice('/boards/'.length), 'héllo 😀');
        expect(await received).toMatchObject({ id: 1, room, resource: { text: 'héllo 😀' } });
      } finally {
        socket.close();
      }
    }
  });
});
