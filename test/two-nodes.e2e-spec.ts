import { setTimeout as pause } from 'node:timers/promises';
import { RoomTokens } from '../src/auth/room-tokens.js';
import { BoardRooms, BoardsModule } from './support/boards.module.js';
import { BreakableProxy } from './support/breakable-proxy.js';
import { itWith, TEST_REDIS_URL } from './support/services.js';
import { openSocket, type SocketClient } from './support/socket-client.js';
import { startTwoNodes, type TestServer } from './support/start-server.js';

const upTo = (count: number): number[] => Array.from({ length: count }, (_value, index) => index + 1);

/** A member of the shared database with a socket on the given node, in the given rooms. */
async function listener(
  node: TestServer,
  rooms: string[],
  member: { id: number; token: string },
): Promise<SocketClient> {
  const client = await (await openSocket(node.url)).authenticate(member.token);
  for (const room of rooms) await client.join(room, node.app.get(RoomTokens).sign(member.id, room));
  return client;
}

async function register(node: TestServer): Promise<{ id: number; token: string }> {
  const { body } = await node.http.post<{ access_token: string; member: { id: number } }>('/api/auth/register', {
    email: 'ann@example.com',
    password: 'correct horse',
    name: 'Ann',
  });
  return { id: body.member.id, token: body.access_token };
}

// Real: two whole servers in this process, PostgreSQL, Redis and the stock client.
describe('two nodes on one PostgreSQL and one Redis', () => {
  itWith(
    ['postgres', 'redis'],
    '64 writers, 20 rooms, random delays: every subscriber on either node sees the same 1..n',
    async () => {
      const { nodes, close } = await startTwoNodes({ modules: [BoardsModule] });
      const member = await register(nodes[0]);
      const rooms = upTo(20).map((index) => `/boards/order-${index}`);
      const clients = await Promise.all([...nodes, ...nodes].map((node) => listener(node, rooms, member)));
      const written = new Map<string, number>();
      await Promise.all(
        upTo(64).map(async (writer) => {
          const boards = nodes[writer % 2]!.app.get(BoardRooms);
          for (let step = 0; step < 15; step += 1) {
            const board = `order-${1 + ((writer * 7 + step * 3) % 20)}`;
            await pause(Math.random() * 5);
            await boards.publish(board, `${writer}.${step}`);
            written.set(`/boards/${board}`, (written.get(`/boards/${board}`) ?? 0) + 1);
          }
        }),
      );
      for (const [room, count] of written) {
        for (const client of clients) {
          if (client.resources(room).length < count) {
            await client.next('realtime:resource', (payload) => payload.room === room && payload.id === count);
          }
          expect(client.resources(room).map((frame) => frame.id)).toEqual(upTo(count));
          expect(client.resources(room)).toEqual(clients[0]!.resources(room));
        }
      }
      clients.forEach((client) => client.close());
      await close();
    },
  );

  itWith(
    ['postgres', 'redis'],
    'events that were published while Redis was away are found through the log, then hints flow again',
    async () => {
      const redis = new BreakableProxy(new URL(TEST_REDIS_URL!));
      await redis.open();
      const { nodes, close } = await startTwoNodes({
        modules: [BoardsModule],
        env: { REDIS_URL: redis.url, SWEEP_INTERVAL_MS: '200' },
      });
      const member = await register(nodes[0]);
      const client = await listener(nodes[1], ['/boards/away'], member);
      const boards = nodes[0].app.get(BoardRooms);
      await boards.publish('away', '1');
      await client.next('realtime:resource', (payload) => payload.id === 1);
      await redis.break();
      await boards.publish('away', '2', '3');
      await client.next('realtime:resource', (payload) => payload.id === 3);
      await redis.open();
      await boards.publish('away', '4');
      await client.next('realtime:resource', (payload) => payload.id === 4);
      expect(client.resources().map((frame) => frame.id)).toEqual([1, 2, 3, 4]);
      client.close();
      await close();
      await redis.break();
    },
  );

  itWith(
    ['postgres', 'redis'],
    'a Redis that no longer answers is noticed: nodes connect to it anew, and hear each other again',
    async () => {
      const redis = new BreakableProxy(new URL(TEST_REDIS_URL!));
      await redis.open();
      const env = { REDIS_URL: redis.url, SWEEP_INTERVAL_MS: '200', RATE_LIMITS: 'on' };
      const { nodes, close } = await startTwoNodes({ modules: [BoardsModule], env });
      const member = await register(nodes[0]);
      const client = await listener(nodes[1], ['/boards/silent'], member);
      const boards = nodes[0].app.get(BoardRooms);
      redis.hold();
      await boards.publish('silent', '1');
      await client.next('realtime:resource', (payload) => payload.id === 1);
      expect((await nodes[0].http.as(member.token).get('/api/me')).status).toBe(200);
      // Connections of before stay dead; only new ones get through.
      redis.release();
      const speaker = await listener(nodes[0], ['/boards/silent'], member);
      const token = nodes[0].app.get(RoomTokens).sign(member.id, '/boards/silent');
      const heard = client.next('realtime:event');
      const repeat = setInterval(() => speaker.emit('realtime:event', { name: '/boards/silent', token }), 50);
      expect(await heard).toMatchObject({ name: '/boards/silent' });
      clearInterval(repeat);
      client.close();
      speaker.close();
      await close();
      await redis.break();
    },
    120_000,
  );

  itWith(['postgres', 'redis'], 'a client event reaches the room on both nodes', async () => {
    const { nodes, close } = await startTwoNodes({ modules: [BoardsModule] });
    const member = await register(nodes[0]);
    const clients = await Promise.all(nodes.map((node) => listener(node, ['/boards/typing'], member)));
    const token = nodes[0].app.get(RoomTokens).sign(member.id, '/boards/typing');
    // The other node's subscription to Redis may still be on its way: typing is repeated anyway, and never replayed.
    const heard = Promise.all(clients.map((client) => client.next('realtime:event')));
    const repeat = setInterval(() => {
      clients[0]!.emit('realtime:event', { name: '/boards/typing', token, data: { is_writing: true } });
    }, 50);
    expect(await heard).toEqual([
      { name: '/boards/typing', data: { is_writing: true } },
      { name: '/boards/typing', data: { is_writing: true } },
    ]);
    clearInterval(repeat);
    clients.forEach((client) => client.close());
    await close();
  });

  itWith(['postgres', 'redis'], 'without a JWT_SECRET both accept the tokens of both', async () => {
    const { nodes, close } = await startTwoNodes({ env: { JWT_SECRET: undefined, DATA_DIR: 'memory://' } });
    const { token } = await register(nodes[0]);
    expect(nodes[0].settings.jwtSecret).not.toBe(nodes[1].settings.jwtSecret);
    for (const node of nodes) expect((await node.http.as(token).get('/api/me')).status).toBe(200);
    await close();
  });
});
