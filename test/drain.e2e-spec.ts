import { once } from 'node:events';
import { rmSync } from 'node:fs';
import { connect } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { Controller, Get, Module } from '@nestjs/common';
import { io } from 'socket.io-client';
import { AccessTokens } from '../src/auth/access-tokens.js';
import { Public } from '../src/auth/auth.decorators.js';
import { SessionRegistry } from '../src/realtime/session-registry.js';
import { createDataDir } from './support/database-image.js';
import { openSocket, type SocketClient } from './support/socket-client.js';
import { type SpawnedServer, spawnServer } from './support/spawn-server.js';
import { startServer, type TestServer } from './support/start-server.js';

const gate = { begun: () => undefined as void, opened: Promise.resolve() };

/** A request that takes as long as the test wants it to. */
@Public()
@Controller('slow')
class SlowController {
  @Get()
  async answer(): Promise<{ done: boolean }> {
    gate.begun();
    await gate.opened;
    return { done: true };
  }
}

@Module({ controllers: [SlowController] })
class SlowModule {}

async function tokenOf(server: TestServer): Promise<string> {
  const register = { email: 'ann@example.com', password: 'correct horse', name: 'Ann' };
  const { body } = await server.http.post<{ access_token: string }>('/api/auth/register', register);
  return body.access_token;
}

async function sockets(server: TestServer, count: number, options = {}): Promise<SocketClient[]> {
  const token = await tokenOf(server);
  const open = async (): Promise<SocketClient> => (await openSocket(server.url, options)).authenticate(token);
  return Promise.all(Array.from({ length: count }, open));
}

// Real: whole servers in this process, HTTP, and the stock Socket.IO client.
describe('a server that stops', () => {
  it.each(['websocket', 'polling'])(
    'tells its %s clients, and closes below Socket.IO, so that stock clients come back',
    async (transport) => {
      const server = await startServer();
      const clients = await sockets(server, 3, { transports: [transport] });
      const closed = server.close();
      for (const client of clients) {
        await client.next('realtime:restart');
        const { reason } = await client.next('disconnect');
        // After "io server disconnect" a stock client would stay away.
        expect(reason).toMatch(/^transport (close|error)$/);
      }
      await closed;
    },
  );

  it.each(['websocket', 'polling'])('tells those who have not logged in as well (%s)', async (transport) => {
    const server = await startServer();
    const open = () => openSocket(server.url, { transports: [transport] });
    const [stranger, nobody, member] = [await open(), await open(), ...(await sockets(server, 1))];
    // A valid token of somebody whom nobody knows.
    await nobody.authenticate(server.app.get(AccessTokens).sign({ id: 999_999, workspaceId: 1 }));
    const closed = server.close();
    for (const client of [stranger, nobody, member!]) {
      await client.next('realtime:restart');
      expect((await client.next('disconnect')).reason).toMatch(/^transport (close|error)$/);
    }
    await closed;
  });

  it('sends its clients away at random moments of the time that it was given', async () => {
    const server = await startServer({ env: { DRAIN_SPREAD_MS: '4000' } });
    const clients = await sockets(server, 30);
    const moments = clients.map(async (client) => {
      await client.next('disconnect');
      return performance.now();
    });
    const closed = server.close();
    const left = (await Promise.all(moments)).sort((a, b) => a - b);
    await closed;
    // All of 30 random moments fall into so small a part of the time less than once in 10^20 runs.
    expect(left[29]! - left[0]!).toBeGreaterThan(400);
  });

  it('refuses new sockets in a way after which stock clients try again', async () => {
    const server = await startServer({ env: { DRAIN_DELAY_MS: '700' } });
    const closed = server.close();
    for (const transport of ['websocket', 'polling']) {
      const socket = io(server.url, {
        path: '/socket',
        transports: [transport],
        reconnectionDelay: 50,
        forceNew: true,
      });
      await new Promise<void>((resolve) => socket.io.once('reconnect_attempt', () => resolve()));
      expect(socket.connected).toBe(false);
      socket.disconnect();
    }
    await closed;
  });

  it('serves on while load balancers take notice, and lets go of connections', async () => {
    const server = await startServer({ env: { DRAIN_DELAY_MS: '500' } });
    expect((await server.http.get('/health/ready')).status).toBe(200);
    const closed = server.close();
    expect(await server.http.get('/health/ready')).toMatchObject({
      status: 503,
      body: { error: { code: 'service.not_ready' } },
    });
    const { status, headers } = await server.http.get('/');
    expect([status, headers.get('connection')]).toEqual([200, 'close']);
    await closed;
    await expect(server.http.get('/')).rejects.toThrow();
  });

  it('gives requests that were begun their answer, and takes no new ones', async () => {
    const server = await startServer({ modules: [SlowModule] });
    let open = (): void => undefined;
    gate.opened = new Promise<void>((resolve) => (open = resolve));
    const begun = new Promise<void>((resolve) => (gate.begun = resolve));
    const answer = server.http.get('/slow');
    await begun;
    let closed = false;
    const closing = server.close().then(() => (closed = true));
    while ((await server.http.get('/')).status === 200) await pause(5);
    expect(await server.http.get('/')).toMatchObject({ status: 503, body: { error: { code: 'service.unavailable' } } });
    expect((await server.http.get('/health/live')).status).toBe(200);
    expect(closed).toBe(false);
    open();
    expect(await answer).toMatchObject({ status: 200, body: { done: true } });
    await closing;
  });

  it('does not wait for a client that never answers the end of its connection', async () => {
    const server = await startServer();
    const { hostname, port } = new URL(server.url);
    const deaf = connect(Number(port), hostname);
    deaf.on('error', () => undefined);
    deaf.write(
      'GET /socket/?EIO=4&transport=websocket HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n' +
        'Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n',
    );
    await once(deaf, 'data');
    const start = performance.now();
    await server.close();
    // Half a minute is what the library would give it.
    expect(performance.now() - start).toBeLessThan(25_000);
    deaf.destroy();
  });

  it('has no sessions left, whoever logged in at the last moment', async () => {
    const server = await startServer({ env: { DRAIN_DELAY_MS: '1000' } });
    const token = await tokenOf(server);
    const late = await openSocket(server.url);
    const closed = server.close();
    await late.authenticate(token);
    await late.next('realtime:restart');
    expect([...server.app.get(SessionRegistry).all()].filter((session) => !session.closed)).toEqual([]);
    await closed;
  });
});

// Real: the compiled server as a process, its embedded database, and signals.
describe('signals', () => {
  let dataDir: string;
  let server: SpawnedServer;
  const spawn = async (env: Record<string, string>): Promise<SpawnedServer> =>
    (server = await spawnServer({ DATA_DIR: dataDir, ...env }));
  beforeEach(async () => {
    dataDir = await createDataDir();
  });
  afterEach(async () => {
    await server.kill();
    rmSync(dataDir, { recursive: true, force: true });
  });

  it('SIGTERM: ready is 503 at once and stays so, and the exit code is 0', async () => {
    await spawn({ DRAIN_DELAY_MS: '600' });
    const code = server.stop('SIGTERM');
    const statuses: number[] = [];
    const ask = async (): Promise<number | null> =>
      (await server.http.get('/health/ready').catch(() => null))?.status ?? null;
    for (let status = await ask(); status !== null; status = await ask()) statuses.push(status);
    const first = statuses.indexOf(503);
    expect(first).toBeGreaterThanOrEqual(0);
    expect(new Set(statuses.slice(first))).toEqual(new Set([503]));
    expect(await code).toBe(0);
  });

  it('the probes of a supervisor leave no trace in the log', async () => {
    await spawn({ DRAIN_DELAY_MS: '600', LOG_LEVEL: 'info' });
    const before = server.output();
    const code = server.stop('SIGTERM');
    const statuses = new Set<number>();
    const ask = () => server.http.get('/health/ready').catch(() => null);
    for (let reply = await ask(); reply !== null; reply = await ask()) statuses.add(reply.status);
    expect(await code).toBe(0);
    expect(statuses).toContain(503);
    expect(server.output().slice(before.length).trim().split('\n')).toEqual([
      expect.stringContaining('Shutting down (SIGTERM)'),
    ]);
  });

  it('the second SIGINT within a second is an echo of the first, as npm makes one', async () => {
    await spawn({ DRAIN_DELAY_MS: '600' });
    process.kill(server.pid, 'SIGINT');
    await pause(50);
    expect(await server.stop('SIGINT')).toBe(0);
  });

  it('the third ends at once', async () => {
    await spawn({ DRAIN_DELAY_MS: '100000' });
    for (let signal = 0; signal < 2; signal += 1) {
      process.kill(server.pid, 'SIGINT');
      await pause(50);
    }
    expect((await server.http.get('/health/live')).status).toBe(200);
    const start = performance.now();
    expect(await server.stop('SIGINT')).toBe(1);
    // Long before the delay is over.
    expect(performance.now() - start).toBeLessThan(60_000);
  });
});
