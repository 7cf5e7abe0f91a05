import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { Outages } from '../src/database/outages.js';
import { IdempotencyKeys } from '../src/idempotency/idempotency-keys.js';
import { AppClient, until } from './support/app-client.js';
import { BreakableProxy } from './support/breakable-proxy.js';
import { type MessagePage, openGroup, roomOf, type RoomRecord, send, ticket } from './support/chat.js';
import { type Person, register } from './support/people.js';
import { createPrivateDatabase, type PrivateDatabase } from './support/private-database.js';
import { itWith } from './support/services.js';
import { openSocket } from './support/socket-client.js';
import { startServer, type TestServer } from './support/start-server.js';

// Real: the whole server over HTTP, PostgreSQL behind a connection that a test can break, and the stock client.
describe('while the database is away,', () => {
  let database: PrivateDatabase;
  let network: BreakableProxy;
  let server: TestServer;
  let ann: Person;
  /** Nobody has looked him up yet, so nobody remembers him. */
  let bob: Person;
  let room: RoomRecord;

  async function start(env: Record<string, string> = {}): Promise<void> {
    database = await createPrivateDatabase();
    network = new BreakableProxy(new URL(database.url));
    await network.open();
    server = await startServer({ env: { ...env, DATABASE_URL: network.url } });
    ann = await register(server.http, 'Ann');
    bob = await register(server.http, 'Bob');
    room = await openGroup(ann, [bob]);
    await send(ann, room, 'before');
  }
  afterEach(async () => {
    await network.open();
    await server.close();
    await network.break();
    await database.drop();
  });

  const roomTicket = async () => ({
    access: ann.token,
    rooms: { [roomOf(room)]: await ticket(ann, roomOf(room)) },
  });

  async function expectEverything(client: AppClient): Promise<void> {
    await send(ann, room, 'after');
    const { position } = (await ann.http.get<MessagePage>(`/api${roomOf(room)}/messages`)).body;
    await client.reached(roomOf(room), position);
    expect(client.ids(roomOf(room))).toEqual(Array.from({ length: position }, (_value, index) => index + 1));
  }

  itWith(['postgres'], 'a client that logs in and joins waits for it, and then misses nothing', async () => {
    await start();
    const asked = await roomTicket();
    await network.break();
    const client = new AppClient(server.url, asked);
    await new Promise<void>((resolve) => client.socket.once('connect', () => resolve()));
    expect((await ann.http.get('/api/me')).status).toBe(503);
    await network.open();
    await client.joined();
    await expectEverything(client);
    expect([client.refusals, client.goodbyes]).toEqual([[], []]);
    client.close();
  });

  itWith(['postgres'], 'for long, it is told so and sent away in a way after which it comes back', async () => {
    await start();
    const outages = server.app.get(Outages);
    const outlast = outages.outlast.bind(outages);
    outages.outlast = (work) => outlast(work, 300);
    const asked = await roomTicket();
    const client = new AppClient(server.url, asked);
    const told: unknown[] = [];
    client.socket.on('realtime:unavailable', (words) => told.push(words));
    await client.joined();
    await network.break();
    // Somebody whose connection breaks meanwhile, and somebody who is new.
    client.socket.io.engine.close();
    const here = await openSocket(server.url, { reconnection: false });
    await until(() => told.length >= 2, 'two last words');
    expect(told[0]).toEqual({ code: 'service.unavailable', message: expect.any(String) as string, retry_after: 1 });
    here.emit('authenticate', { token: bob.token });
    await here.next('realtime:unavailable');
    expect((await here.next('disconnect')).reason).toMatch(/^transport/);
    expect(here.count('unauthorized')).toBe(0);

    await network.open();
    await client.joined(2);
    await expectEverything(client);
    expect(client.refusals).toEqual([]);
    expect(client.goodbyes.slice(1).filter((reason) => !reason.startsWith('transport'))).toEqual([]);
    client.close();
  });

  itWith(['postgres'], 'a signal is refused with a code that says: later', async () => {
    await start();
    const client = await (await openSocket(server.url)).authenticate(ann.token);
    const token = await ticket(ann, roomOf(room));
    await client.join(roomOf(room), token);
    await network.break();
    client.emit('realtime:event', { name: roomOf(room), token, data: { is_writing: true } });
    expect(await client.next('realtime:event:error')).toMatchObject({ code: 'service.unavailable', retry_after: 1 });
    expect(client.socket.connected).toBe(true);
    client.close();
  });

  itWith(
    ['postgres'],
    'or does not answer, requests end all the same, and all is well when it answers again',
    async () => {
      await start({ DATABASE_STATEMENT_TIMEOUT_MS: '500' });
      network.hold();
      const path = `/api${roomOf(room)}/messages`;
      const texts = Array.from({ length: 4 }, () => randomUUID());
      const replies = await Promise.all([
        ...texts.map((text) => ann.http.post(path, { body: text, creation_uuid: text })),
        ...texts.map(() => ann.http.get('/api/me')),
        ann.http.get('/health/ready'),
      ]);
      expect(new Set(replies.map(({ status }) => status))).toEqual(new Set([503]));
      network.release();
      await until(async () => (await server.http.get('/health/ready')).status === 200, 'readiness');
      for (const text of texts) await send(ann, room, text, { creation_uuid: text });
      const { body } = await ann.http.get<{ records: unknown[] }>(path);
      expect(body.records).toHaveLength(1 + texts.length);
    },
    90_000,
  );

  itWith(['postgres'], 'an Idempotency-Key is not lost: its attempt is given up as soon as it is back', async () => {
    await start();
    const keys = server.app.get(IdempotencyKeys);
    const mark = keys.mark.bind(keys);
    // The connection breaks between the change and its commit.
    keys.mark = async (attempt, transaction) => {
      keys.mark = mark;
      await network.break();
      await mark(attempt, transaction);
    };
    const again = () =>
      ann.http.with({ 'idempotency-key': 'kept' }).post(`/api${roomOf(room)}/messages`, { body: 'once' });
    expect((await again()).status).toBe(503);
    await network.open();
    let reply = await again();
    for (; reply.status === 409 || reply.status === 503; reply = await again()) {
      expect(reply.headers.get('retry-after')).toBe('1');
      await pause(50);
    }
    expect(reply.status).toBe(201);
    expect(reply.headers.get('idempotency-replayed')).toBeNull();
    const { body } = await ann.http.get<{ records: unknown[] }>(`/api${roomOf(room)}/messages`);
    expect(body.records).toHaveLength(2);
  });
});
