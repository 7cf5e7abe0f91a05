import { createHash } from 'node:crypto';
import { DataSource } from 'typeorm';
import { Settings } from '../src/config/settings.js';
import { Transactions } from '../src/database/transactions.js';
import { AdministratorSeed } from '../src/modules/accounts/administrator.seed.js';
import { AdministratorsService, Passwords } from '../src/modules/members/index.js';
import { logIn, PASSWORD, type Person, register } from './support/people.js';
import { createPrivateDatabase } from './support/private-database.js';
import { itWith } from './support/services.js';
import { startServer, type TestServer } from './support/start-server.js';

const ADMIN_EMAIL = 'Boss@Example.com';

// Real: the whole server over HTTP, and its database.
describe('the administrator of the settings', () => {
  let server: TestServer;
  let squatter: Person;

  beforeAll(async () => {
    server = await startServer({ env: { ADMIN_EMAIL, ADMIN_PASSWORD: PASSWORD } });
    squatter = await register(server.http, 'Squatter');
  });
  afterAll(() => server.close());

  /** What the next boot does, with these settings. */
  const seed = (changes: Partial<Settings>): Promise<void> => {
    const settings = new Settings({ ...server.app.get(Settings), ...changes });
    const { app } = server;
    const parts = [app.get(Transactions), app.get(Passwords), app.get(AdministratorsService)] as const;
    return new AdministratorSeed(settings, ...parts).onApplicationBootstrap();
  };
  const query = <Row>(sql: string): Promise<Row[]> => server.app.get(DataSource).query(sql);

  it('logs in, owns main, and stays one however often the server boots', async () => {
    await Promise.all([seed({}), seed({}), seed({})]);
    const boss = await logIn(server.http, ADMIN_EMAIL, PASSWORD);
    expect((await boss.http.get('/api/me')).body).toMatchObject({ role: 'administrator', email: 'boss@example.com' });
    const rows = await query<{ role: string; workspace_id: string }>(
      `SELECT role, workspace_id FROM workspace_roles JOIN accounts ON id = account_id WHERE email = 'boss@example.com'`,
    );
    expect(rows).toEqual([{ role: 'owner', workspace_id: '1' }]);
    expect(await query(`SELECT id FROM members WHERE email = 'boss@example.com'`)).toHaveLength(1);
  });

  it('keeps a password of their own choice until the setting changes', async () => {
    const boss = await logIn(server.http, ADMIN_EMAIL, PASSWORD);
    await boss.http.patch('/api/me', { password: 'my own horse', current_password: PASSWORD });
    await seed({});
    expect((await logIn(server.http, ADMIN_EMAIL, 'my own horse')).id).toBe(boss.id);
    await seed({ adminPassword: 'the new setting' });
    await expect(logIn(server.http, ADMIN_EMAIL, 'my own horse')).rejects.toThrow('401');
    expect((await logIn(server.http, ADMIN_EMAIL, 'the new setting')).id).toBe(boss.id);
  });

  it('is never the person who had registered the address before: their tokens would become an administrator', async () => {
    await seed({ adminEmail: squatter.email, adminPassword: 'the right horse' });
    expect((await squatter.http.get('/api/me')).status).toBe(401);
    const boss = await logIn(server.http, squatter.email, 'the right horse');
    expect(boss.id).not.toBe(squatter.id);
    expect((await boss.http.get('/api/api-keys')).status).toBe(200);
  });

  it('is not made when the settings name none', async () => {
    const before = await query(`SELECT id FROM accounts`);
    await seed({ adminEmail: null, adminPassword: null });
    expect(await query(`SELECT id FROM accounts`)).toEqual(before);
  });

  itWith(['postgres'], 'is one when two nodes boot at the same time', async () => {
    const database = await createPrivateDatabase();
    const env = { ADMIN_EMAIL, ADMIN_PASSWORD: PASSWORD, DATABASE_URL: database.url };
    const nodes = await Promise.all([startServer({ env }), startServer({ env })]);
    try {
      const ids = await Promise.all(nodes.map(async (node) => (await logIn(node.http, ADMIN_EMAIL, PASSWORD)).id));
      expect(new Set(ids).size).toBe(1);
    } finally {
      await Promise.all(nodes.map((node) => node.close()));
      await database.drop();
    }
  });
});

// Real: as above. The hidden columns hold values that are looked for in everything that leaves the server.
describe('what is hidden', () => {
  const CANARY = 'c4n4ry';
  let server: TestServer;

  beforeAll(async () => {
    server = await startServer({ env: { ADMIN_EMAIL, ADMIN_PASSWORD: PASSWORD } });
  });
  afterAll(() => server.close());

  it('is in no reply, no error and no event', async () => {
    const boss = await logIn(server.http, ADMIN_EMAIL, PASSWORD);
    const ada = await register(server.http, 'Ada');
    await boss.http.post('/api/api-keys', {});
    const group = await boss.http.post<{ id: number }>('/api/groups', { label: 'Crew' });
    const data = server.app.get(DataSource);
    const hidden: [string, string][] = [
      ['refresh_tokens', 'token_hash'],
      ['api_keys', 'key_hash'],
      ['accounts', 'password_hash'],
      ['accounts', 'account_key_hash'],
    ];
    for (const [table, column] of hidden) {
      await data.query(`UPDATE ${table} SET ${column} = '${CANARY}-${column}-' || id`);
    }
    // The guard against writes without an event lets nobody plant this one by SQL.
    await server.app.get(AdministratorsService).ensure({
      workspaceId: 1,
      accountId: 1,
      email: 'boss@example.com',
      passwordHash: `${CANARY}-password_hash`,
      passwordChanged: true,
    });

    const replies: unknown[] = [];
    for (const http of [boss.http, ada.http, server.http]) {
      for (const path of [
        '/api/me?websockets=1',
        '/api/members?websockets=1',
        `/api/members?q=${CANARY}`,
        `/api/members/${boss.id}`,
        `/api/members/${ada.id}`,
        '/api/api-keys',
        '/api/groups',
        `/api/groups/${group.body.id}/members`,
        `/api/members/${CANARY}`,
      ]) {
        replies.push(await http.get(path));
      }
      replies.push(await http.patch('/api/me', { headline: 'Changed' }));
      replies.push(await http.post(`/api/groups/${group.body.id}/members`, { member_ids: [boss.id, ada.id] }));
      replies.push(await http.post('/api/auth/login', { email: ADMIN_EMAIL, password: `${CANARY}-password` }));
      replies.push(await http.post('/api/auth/refresh', { refresh_token: `${CANARY}-refresh` }));
      replies.push(await http.post('/api/auth/register', { email: CANARY, password: CANARY, name: 7, more: CANARY }));
    }
    const events = await data.query('SELECT resource, author, path FROM events');
    const bodies = JSON.stringify(replies.map((reply) => (reply as { body: unknown }).body));
    // Names of unknown fields may be repeated, values never.
    expect(bodies).not.toContain(CANARY);
    expect(bodies).not.toContain('argon2');
    expect(JSON.stringify(events)).not.toContain(CANARY);
    expect(JSON.stringify(events)).not.toContain('argon2');
    expect(JSON.stringify(events)).not.toContain('example.com');
    expect(replies.map((reply) => (reply as { status: number }).status)).not.toContain(500);
  });

  it('is stored as a hash only', async () => {
    const ada = await register(server.http, 'Ada');
    const data = server.app.get(DataSource);
    const [member] = await data.query<{ password_hash: string }[]>(
      `SELECT password_hash FROM members WHERE id = ${ada.id}`,
    );
    expect(member!.password_hash).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
    const hash = createHash('sha256').update(ada.refreshToken).digest('hex');
    expect(await data.query(`SELECT id FROM refresh_tokens WHERE token_hash = '${hash}'`)).toHaveLength(1);
    const dump = JSON.stringify([
      await data.query('SELECT * FROM refresh_tokens'),
      await data.query('SELECT * FROM api_keys'),
    ]);
    expect(dump).not.toContain(ada.refreshToken);
  });
});
