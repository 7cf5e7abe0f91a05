import { rmSync } from 'node:fs';
import { createDataDir } from './support/database-image.js';
import { ADMIN } from './support/nodes.js';
import { openSocket } from './support/socket-client.js';
import { type SpawnedServer, spawnServer } from './support/spawn-server.js';

interface Line {
  context: string;
  msg: string;
  request_id?: string;
  request_ids?: string[];
}

// Real: the compiled server as a process, its embedded database, its log, HTTP and the stock client.
describe('the log of requests', () => {
  let dataDir: string;
  let server: SpawnedServer;
  const spawn = async (level: string): Promise<SpawnedServer> =>
    (server = await spawnServer({
      DATA_DIR: dataDir,
      NODE_ENV: 'production',
      LOG_LEVEL: level,
      JWT_SECRET: 'a secret of the tests, long enough',
      ADMIN_EMAIL: ADMIN.email,
      ADMIN_PASSWORD: ADMIN.password,
    }));
  const lines = (): Line[] =>
    server
      .output()
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Line);
  beforeEach(async () => {
    dataDir = await createDataDir();
  });
  afterEach(async () => {
    await server.kill();
    rmSync(dataDir, { recursive: true, force: true });
  });

  it('follows a request to the frames that it caused, and has nothing of what is in them', async () => {
    await spawn('debug');
    const login = await server.http.post<{ access_token: string; member: { id: number } }>('/api/auth/login', ADMIN);
    const { access_token: token, member } = login.body;
    const boss = server.http.as(token);
    const room = `/members/${member.id}`;
    const ticket = await boss.post<{ websockets: { token: string }[] }>('/api/realtime/tokens', { rooms: [room] });
    const client = await (await openSocket(server.url)).authenticate(token);
    await client.join(room, ticket.body.websockets[0]!.token);

    const asked = boss.with({ 'x-request-id': 'the-id-of-the-request' });
    const answer = await asked.patch('/api/me?secret=c4n4ry-query', { headline: 'c4n4ry-headline' });
    expect(answer.status).toBe(200);
    await client.next('realtime:resource');
    await server.http.with({ 'x-request-id': 'nobody' }).get('/api/c4n4ry/address');
    client.close();
    await server.http.get('/health/live');

    const written = lines();
    expect(written).toContainEqual(
      expect.objectContaining({
        context: 'HTTP',
        msg: 'PATCH /api/me 200',
        method: 'PATCH',
        route: '/api/me',
        status: 200,
        duration_ms: expect.any(Number) as number,
        request_id: 'the-id-of-the-request',
        member: member.id,
      }),
    );
    const delivered = written.find(({ msg }) => msg === 'Delivered');
    expect(delivered).toMatchObject({
      stream: `members/${member.id}`,
      sessions: 1,
      request_ids: ['the-id-of-the-request'],
    });
    expect(delivered).not.toHaveProperty('request_id');
    expect(written.find(({ request_id }) => request_id === 'nobody')).toMatchObject({
      route: '(no route)',
      status: 404,
    });
    expect(server.output()).not.toMatch(/c4n4ry/);
    expect(server.output()).not.toContain(ADMIN.password);
    expect(server.output()).not.toContain(token.split('.')[2]);
  });

  it('has no lines about single requests at the usual level', async () => {
    await spawn('info');
    await server.http.get('/health/live');
    await server.http.get('/no/such/page');
    expect(lines().filter(({ context }) => context === 'HTTP')).toEqual([]);
  });
});
