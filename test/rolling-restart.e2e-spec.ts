import { rmSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { io, type Socket } from 'socket.io-client';
import { createDataDir } from './support/database-image.js';
import { HttpClient } from './support/http-client.js';
import { LoadBalancer } from './support/load-balancer.js';
import { ADMIN } from './support/nodes.js';
import { createPrivateDatabase } from './support/private-database.js';
import { itWith, TEST_REDIS_URL } from './support/services.js';
import { type SpawnedServer, spawnServer } from './support/spawn-server.js';

const CLIENTS = 200;
const CHANNEL = 'news';
const ROOM = `/channels/${CHANNEL}`;

interface Ticket {
  access: string;
  room: string;
}

/** A stock client as an app would use it: after every connect it logs in and joins where it stopped. */
class Listener {
  readonly seen: number[] = [];
  readonly texts: string[] = [];
  readonly goodbyes: string[] = [];
  resyncs = 0;
  joins = 0;
  private readonly socket: Socket;

  constructor(url: string, ticket: Ticket) {
    const options = { path: '/socket', transports: ['websocket'], forceNew: true };
    this.socket = io(url, { ...options, reconnectionDelay: 100, reconnectionDelayMax: 500 });
    this.socket.on('connect', () => this.socket.emit('authenticate', { token: ticket.access }));
    this.socket.on('authenticated', () => {
      this.socket.emit('realtime:join', { name: ROOM, token: ticket.room, last_id: this.seen.at(-1) ?? 0 });
    });
    this.socket.on('realtime:join:success', ({ resync = false }: { resync?: boolean }) => {
      this.joins += 1;
      if (resync) this.resyncs += 1;
    });
    this.socket.on('realtime:resource', ({ id, resource }: { id: number; resource: { payload: { text: string } } }) => {
      this.seen.push(id);
      this.texts.push(resource.payload.text);
    });
    this.socket.on('disconnect', (reason) => this.goodbyes.push(reason));
  }

  close(): void {
    this.socket.disconnect();
  }
}

/** Somebody who writes all the time, and tries again when a node does not take it. Gives what was acknowledged. */
async function write(http: HttpClient, until: () => boolean): Promise<string[]> {
  const acknowledged: string[] = [];
  for (let number = 1; !until(); number += 1) {
    const text = `text ${number}`;
    const reply = await http.post(`/api/channels/${CHANNEL}/publish`, { payload: { text } }).catch(() => null);
    if (reply?.status === 201) acknowledged.push(text);
    else if (reply) expect(reply.status).toBe(503);
    await pause(20);
  }
  return acknowledged;
}

// Real: two server processes, PostgreSQL, Redis, SIGTERM, a load balancer that asks for readiness, and stock clients.
describe('a rolling restart of two nodes', () => {
  itWith(['postgres', 'redis'], `${CLIENTS} clients resume, and have every event exactly once`, async () => {
    const database = await createPrivateDatabase();
    const dataDir = await createDataDir();
    const env = {
      DATABASE_URL: database.url,
      REDIS_URL: TEST_REDIS_URL!,
      DATA_DIR: dataDir,
      JWT_SECRET: 'the-same-secret-on-every-node-of-a-test',
      ADMIN_EMAIL: ADMIN.email,
      ADMIN_PASSWORD: ADMIN.password,
      DRAIN_DELAY_MS: '300',
      DRAIN_SPREAD_MS: '1000',
      RATE_LIMITS: 'off',
    };
    const balancer = new LoadBalancer();
    const nodes = new Map<string, SpawnedServer>();
    const start = async (name: string): Promise<void> => {
      const node = await spawnServer(env, 60_000);
      nodes.set(name, node);
      await balancer.add(name, node.url);
    };
    await start('one');
    await start('two');

    const anybody = new HttpClient(balancer.url);
    const login = await anybody.post<{ access_token: string }>('/api/auth/login', ADMIN);
    const boss = anybody.as(login.body.access_token);
    const channel = { name: CHANNEL, other_permissions: 'publish', custom_publish: true };
    expect((await boss.post('/api/channels', channel)).status).toBe(201);
    const tokens = await boss.post<{ websockets: { token: string }[] }>('/api/realtime/tokens', { rooms: [ROOM] });
    const ticket = { access: login.body.access_token, room: tokens.body.websockets[0]!.token };
    const listeners = Array.from({ length: CLIENTS }, () => new Listener(balancer.url, ticket));
    const all = async (done: (listener: Listener) => boolean): Promise<void> => {
      const deadline = Date.now() + 60_000;
      while (!listeners.every(done) && Date.now() < deadline) await pause(20);
      expect(listeners.filter((listener) => !done(listener))).toEqual([]);
    };
    await all((listener) => listener.joins === 1);

    let over = false;
    const writing = write(boss, () => over);
    for (const name of nodes.keys()) {
      expect(await nodes.get(name)!.stop('SIGTERM')).toBe(0);
      await start(name);
    }
    over = true;
    const acknowledged = await writing;

    expect(acknowledged.length).toBeGreaterThan(10);
    const { body } = await boss.get<{ position: number }>(`/api/channels/${CHANNEL}/history`);
    await all((listener) => listener.seen.at(-1) === body.position);
    const every = Array.from({ length: body.position }, (_value, index) => index + 1);
    for (const { seen, texts, resyncs, goodbyes } of listeners) {
      expect(seen).toEqual(every);
      expect(texts.filter((text) => acknowledged.includes(text))).toEqual(acknowledged);
      expect(resyncs).toBe(0);
      expect(goodbyes.filter((reason) => !reason.startsWith('transport'))).toEqual([]);
    }
    // Each node was stopped, so everybody has moved at least once.
    expect(listeners.filter((listener) => listener.goodbyes.length === 0)).toEqual([]);

    listeners.forEach((listener) => listener.close());
    await balancer.close();
    await Promise.all([...nodes.values()].map((node) => node.stop()));
    await database.drop();
    rmSync(dataDir, { recursive: true, force: true });
  });
});
