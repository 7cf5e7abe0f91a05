import { spawn as spawnProcess } from 'node:child_process';
import { once } from 'node:events';
import { rmSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { BreakableProxy } from './support/breakable-proxy.js';
import { createDataDir } from './support/database-image.js';
import { createPrivateDatabase } from './support/private-database.js';
import { itWith, TEST_DATABASE_URL } from './support/services.js';
import { MAIN, type SpawnedServer, spawnServer } from './support/spawn-server.js';
import { startServer } from './support/start-server.js';

// Real: the compiled server as a process, its database, signals and HTTP.
describe('the process', () => {
  let dataDir: string;
  const running: SpawnedServer[] = [];
  const spawn = async (env: Record<string, string> = {}): Promise<SpawnedServer> => {
    const server = await spawnServer({ DATA_DIR: dataDir, ...env });
    running.push(server);
    return server;
  };
  beforeEach(async () => {
    dataDir = await createDataDir();
  });
  afterEach(async () => {
    await Promise.all(running.splice(0).map((server) => server.kill()));
    rmSync(dataDir, { recursive: true, force: true });
  });

  it('says once where it listens, when it is ready to answer', async () => {
    const server = await spawn();
    expect((await server.http.get('/health/ready')).status).toBe(200);
    expect(server.output().match(/listening on/g)).toHaveLength(1);
    expect(server.output()).toContain('admin@roomcast.local / roomcast-demo');
  });

  it('leaves with code 0 when it is told to, by SIGTERM and by SIGINT', async () => {
    expect(await (await spawn()).stop('SIGTERM')).toBe(0);
    expect(await (await spawn()).stop('SIGINT')).toBe(0);
  });

  it('starts again on the same data after kill -9', async () => {
    for (let life = 0; life < 2; life += 1) await (await spawn()).kill();
    expect((await (await spawn()).http.get('/health/ready')).status).toBe(200);
  });

  it('a second server on the same data directory says why it does not start', async () => {
    await spawn();
    await expect(spawn()).rejects.toThrow(/in use by another Roomcast server/);
  });

  it('says that its port is taken, and leaves its data in order', async () => {
    const taken = createServer().listen(0, '127.0.0.1');
    await once(taken, 'listening');
    const { port } = taken.address() as AddressInfo;
    await expect(spawn({ PORT: String(port) })).rejects.toThrow(`PORT: ${port} is in use by another process`);
    taken.close();
    expect((await (await spawn()).http.get('/health/ready')).status).toBe(200);
  });

  it('never prints a password that was configured', async () => {
    const server = await spawn({
      ADMIN_EMAIL: 'boss@example.com',
      ADMIN_PASSWORD: 'c4n4ry-password',
      LOG_LEVEL: 'trace',
    });
    expect(server.output()).not.toContain('c4n4ry');
  });

  it('all configuration faults are listed at once, and nothing starts', async () => {
    const boot = spawn({ NODE_ENV: 'production', PORT: 'c4n4ry', LOG_LEVEL: 'c4n4ry' });
    const error: unknown = await boot.catch((reason: unknown) => reason);
    expect(String(error)).toMatch(/ended with code 1/);
    for (const name of ['PORT', 'LOG_LEVEL', 'JWT_SECRET']) expect(String(error)).toContain(`- ${name}: `);
    expect(String(error)).not.toContain('c4n4ry');
  });

  it('writes nothing but JSON lines in production', async () => {
    const server = await spawn({
      NODE_ENV: 'production',
      JWT_SECRET: 'x'.repeat(40),
      LOG_LEVEL: 'info',
      DRAIN_DELAY_MS: '0',
    });
    expect(await server.stop()).toBe(0);
    const lines = server.output().trim().split('\n');
    expect(lines.map((line) => (JSON.parse(line) as { msg: string }).msg)).toContain(`listening on ${server.url}`);
  });
});

describe('a boot that is told to stop', () => {
  const ended = async (env: Record<string, string>, when: RegExp, signal: NodeJS.Signals): Promise<unknown[]> => {
    const dataDir = await createDataDir();
    const child = spawnProcess(process.execPath, [MAIN], {
      env: { PATH: process.env.PATH, HOST: '127.0.0.1', PORT: '0', DATA_DIR: dataDir, LOG_LEVEL: 'debug', ...env },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let output = '';
    let told = false;
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      output += text;
      if (!told && when.test(output)) told = child.kill(signal);
    });
    const [code, killedBy] = (await once(child, 'exit')) as [number | null, string | null];
    rmSync(dataDir, { recursive: true, force: true });
    return [told, code, killedBy, output.includes('listening on')];
  };

  it.each(['SIGTERM', 'SIGINT'] as const)('ends with code 0, and never listens: %s while it starts', async (signal) => {
    expect(await ended({}, /Starting Nest application/, signal)).toEqual([true, 0, null, false]);
  });

  it('also while it waits for a database that is not there', async () => {
    const nowhere = createServer().listen(0, '127.0.0.1');
    await once(nowhere, 'listening');
    const { port } = nowhere.address() as AddressInfo;
    nowhere.close();
    const env = { DATABASE_URL: `postgres://nobody@127.0.0.1:${port}/nothing` };
    expect(await ended(env, /Unable to connect to the database/, 'SIGTERM')).toEqual([true, 0, null, false]);
  });
});

describe('the addresses that need no login', () => {
  it('tell who answers, and document the API', async () => {
    const server = await startServer();
    expect((await server.http.get('/')).body).toMatchObject({ name: 'Roomcast', docs: '/docs' });
    expect((await server.http.get('/health/live')).body).toEqual({ status: 'ok' });
    expect((await server.http.get('/docs')).status).toBe(200);
    expect((await server.http.get('/docs-json')).body).toMatchObject({
      info: { title: 'Roomcast' },
      components: { securitySchemes: { bearer: { scheme: 'bearer' }, api_key: { name: 'X-API-KEY' } } },
    });
    await server.close();
  });

  it('let a browser of another origin read what a client acts on', async () => {
    const server = await startServer();
    const { headers } = await server.http.with({ origin: 'https://app.example.com' }).get('/');
    const exposed = (headers.get('access-control-expose-headers') ?? '').split(/,\s*/);
    expect(exposed.sort()).toEqual(['etag', 'idempotency-replayed', 'retry-after', 'x-last-id', 'x-request-id']);
    await server.close();
  });

  itWith(['postgres'], 'ready is 503 while the database is away, and 200 when it is back', async () => {
    const database = await createPrivateDatabase();
    const proxy = new BreakableProxy(new URL(database.url));
    await proxy.open();
    const server = await startServer({ env: { DATABASE_URL: proxy.url } });
    expect((await server.http.get('/health/ready')).status).toBe(200);
    await proxy.break();
    const { status, body } = await server.http.get('/health/ready');
    expect([status, body]).toMatchObject([503, { error: { code: 'service.not_ready' } }]);
    expect((await server.http.get('/health/live')).status).toBe(200);
    expect(JSON.stringify(body)).not.toContain(new URL(TEST_DATABASE_URL ?? '').password || 'no password');
    await proxy.open();
    expect((await server.http.get('/health/ready')).status).toBe(200);
    await server.close();
    await proxy.break();
    await database.drop();
  });
});
