import { Body, Controller, Injectable, Module, Post } from '@nestjs/common';
import { ApiCreatedResponse } from '@nestjs/swagger';
import { DataSource } from 'typeorm';
import { z } from 'zod';
import { Transactions } from '../src/database/transactions.js';
import { IdempotencyKeys } from '../src/idempotency/idempotency-keys.js';
import { MembersService } from '../src/modules/members/index.js';
import type { HttpClient, HttpReply } from './support/http-client.js';
import { logIn, PASSWORD, type Person, register } from './support/people.js';
import { itWith } from './support/services.js';
import { startServer, startTwoNodes, type TestServer } from './support/start-server.js';

const ADMIN = { ADMIN_EMAIL: 'admin@example.com', ADMIN_PASSWORD: PASSWORD };

/** What the test makes the feature do before and after its change. */
@Injectable()
class Script {
  changes = 0;
  before: (() => Promise<void>) | null = null;
  after: (() => Promise<void>) | null = null;
}

const changeSchema = z.strictObject({ name: z.string() });
const changedSchema = z.strictObject({ name: z.string(), number: z.int() });

@Controller('api/changes')
class ChangesController {
  constructor(
    private readonly script: Script,
    private readonly transactions: Transactions,
  ) {}

  @Post()
  @ApiCreatedResponse({ standardSchema: changedSchema })
  async change(@Body({ schema: changeSchema }) body: z.infer<typeof changeSchema>) {
    const { before, after } = this.script;
    const number = await this.transactions.run(async (manager) => {
      await manager.query('SELECT 1');
      await before?.();
      return this.script.changes + 1;
    });
    this.script.changes = number;
    await after?.();
    return { name: body.name, number };
  }
}

@Module({ controllers: [ChangesController], providers: [Script] })
class ChangesModule {}

type Failure = { error?: { code: string; details: { retry_after: number } | null } };
const outcome = ({ status, body }: HttpReply<unknown>): [number, string | undefined] => [
  status,
  (body as Failure).error?.code,
];
const keyed = (http: HttpClient, key: string): HttpClient => http.with({ 'idempotency-key': key });

// Real: the whole server over HTTP, and its database.
describe('a POST with an Idempotency-Key', () => {
  let server: TestServer;
  let ann: Person;
  let bob: Person;
  let script: Script;

  beforeAll(async () => {
    server = await startServer({ modules: [ChangesModule], env: ADMIN });
    [ann, bob] = [await register(server.http, 'Ann'), await register(server.http, 'Bob')];
    script = server.app.get(Script);
  });
  beforeEach(() => Object.assign(script, { changes: 0, before: null, after: null }));
  afterAll(() => server.close());

  const sql = (text: string): Promise<Record<string, unknown>[]> => server.app.get(DataSource).query(text);
  const change = (key: string, name = 'a', by = ann) => keyed(by.http, key).post('/api/changes', { name });
  /** As if the node that serves the request had died: nobody waits for it any longer. */
  const declareDead = (): Promise<unknown> => sql(`UPDATE idempotency_keys SET running_until = now()`);

  it('is carried out once; the same again gets the first answer', async () => {
    const first = await change('once');
    expect(first).toMatchObject({ status: 201, body: { name: 'a', number: 1 } });
    expect(first.headers.get('idempotency-replayed')).toBeNull();
    for (const _again of [1, 2]) {
      const again = await change('once');
      expect([again.status, again.body]).toEqual([first.status, first.body]);
      expect(again.headers.get('content-type')).toBe(first.headers.get('content-type'));
      expect(again.headers.get('idempotency-replayed')).toBe('true');
    }
    expect(script.changes).toBe(1);
  });

  it('is told from the same key of another caller, and at another address', async () => {
    expect((await change('mine')).body).toMatchObject({ number: 1 });
    expect((await change('mine', 'a', bob)).body).toMatchObject({ number: 2 });
    const room = () =>
      keyed(ann.http, 'mine').post<{ id: number }>('/api/chat-rooms', { kind: 'group_chat', member_ids: [bob.id] });
    const [first, again] = [await room(), await room()];
    expect([first.status, again.status]).toEqual([201, 201]);
    expect(again.body).toEqual(first.body);
    // Another token of the same member is the same caller.
    const later = await logIn(server.http, ann.email, PASSWORD);
    expect((await change('mine', 'a', later)).body).toMatchObject({ number: 1 });
  });

  it('with another body, or other parameters, is refused', async () => {
    await change('reused');
    expect(outcome(await change('reused', 'b'))).toEqual([409, 'idempotency.key_reused']);
    const elsewhere = await keyed(ann.http, 'reused').post('/api/changes?x=1', { name: 'a' });
    expect(outcome(elsewhere)).toEqual([409, 'idempotency.key_reused']);
    expect((await change('reused')).body).toMatchObject({ number: 1 });
  });

  /** Lets the next request stop after its change, before its answer. */
  function stopAfterChange(): { reached: Promise<void>; goOn: () => void } {
    let goOn = (): void => undefined;
    const reached = new Promise<void>((resolve) => {
      script.after = () => {
        script.after = null;
        resolve();
        return new Promise((go) => (goOn = go));
      };
    });
    return { reached, goOn: () => goOn() };
  }

  it('that is still being served says so, and when to come again', async () => {
    const { reached, goOn } = stopAfterChange();
    const slow = change('slow');
    await reached;
    const meanwhile = await change('slow');
    expect(outcome(meanwhile)).toEqual([409, 'idempotency.in_progress']);
    expect(meanwhile.headers.get('retry-after')).toBe('1');
    goOn();
    expect((await slow).status).toBe(201);
    expect((await change('slow')).body).toEqual((await slow).body);
    expect(script.changes).toBe(1);
  });

  it('that fails on our side may be tried again', async () => {
    script.before = () => Promise.reject(new Error('on purpose'));
    expect(outcome(await change('retry'))).toEqual([500, 'internal']);
    script.before = null;
    expect(await change('retry')).toMatchObject({ status: 201, body: { number: 1 } });
  });

  it('that is refused is refused again, without a second look', async () => {
    const wrong = (body: object) => keyed(ann.http, 'wrong').post('/api/changes', body);
    expect(outcome(await wrong({ name: 7 }))).toEqual([400, 'request.invalid']);
    const again = await wrong({ name: 7 });
    expect([outcome(again), again.headers.get('idempotency-replayed')]).toEqual([[400, 'request.invalid'], 'true']);
    expect(outcome(await wrong({ name: 'right' }))).toEqual([409, 'idempotency.key_reused']);
  });

  it('whose node died before the change was committed is carried out by the next', async () => {
    const { reached, goOn } = stopAfterChange();
    const dead = change('died');
    await reached;
    // Back to where nothing was committed.
    await sql(`UPDATE idempotency_keys SET committed_at = NULL, running_until = now() WHERE status IS NULL`);
    expect(await change('died')).toMatchObject({ status: 201, body: { number: 2 } });
    goOn();
    await dead;
    // The answer of the one that was given up does not replace the other.
    expect((await change('died')).body).toMatchObject({ number: 2 });
  });

  it('that was given up cannot commit any more once another attempt has begun', async () => {
    const keys = server.app.get(IdempotencyKeys);
    const first = await keys.begin('the id', 'the hash');
    await expect(keys.begin('the id', 'the hash')).rejects.toMatchObject({ code: 'idempotency.in_progress' });
    await declareDead();
    const second = await keys.begin('the id', 'the hash');
    if ('status' in first || 'status' in second) throw new Error('These are no answers');
    const commit = (attempt: typeof first): Promise<void> =>
      server.app.get(Transactions).run((manager) => keys.mark(attempt, manager));
    await expect(commit(first)).rejects.toMatchObject({ code: 'idempotency.in_progress' });
    await commit(second);
    await keys.keep(second, { status: 201, body: '{}' });
    expect(await keys.begin('the id', 'the hash')).toEqual({ status: 201, body: '{}' });
  });

  it('whose node died between the commit and the answer is not carried out again', async () => {
    const { reached, goOn } = stopAfterChange();
    const dead = change('lost');
    await reached;
    expect(outcome(await change('lost'))).toEqual([409, 'idempotency.in_progress']);
    await declareDead();
    expect(outcome(await change('lost'))).toEqual([409, 'idempotency.answer_lost']);
    expect(script.changes).toBe(1);
    goOn();
    await dead;
  });

  it('marks its key in the very transaction of the change, also where changes share a transaction', async () => {
    const boss = await logIn(server.http, ADMIN.ADMIN_EMAIL, PASSWORD);
    const room = await ann.http.post<{ uuid: string }>('/api/chat-rooms', { kind: 'group_chat', member_ids: [bob.id] });
    await boss.http.post('/api/channels', { name: 'news', custom_publish: true });
    const requests: [Person, string, object][] = [
      [ann, `/api/chat-rooms/${room.body.uuid}/messages`, { body: 'hi' }],
      [boss, '/api/channels/news/publish', { payload: { a: 1 } }],
      [boss, '/api/groups', { label: 'Crew' }],
      [boss, '/api/channels', { name: 'other' }],
      [boss, `/api/members/${bob.id}/ban`, {}],
    ];
    for (const [by, address, body] of requests) {
      const keys = server.app.get(IdempotencyKeys);
      const kept = jest.spyOn(keys, 'keep').mockRejectedValueOnce(new Error('died before'));
      const first = await keyed(by.http, 'marked').post(address, body);
      expect([address, Math.floor(first.status / 100)]).toEqual([address, 2]);
      await declareDead();
      expect([address, ...outcome(await keyed(by.http, 'marked').post(address, body))]).toEqual([
        address,
        409,
        'idempotency.answer_lost',
      ]);
      kept.mockRestore();
    }
    await boss.http.delete(`/api/members/${bob.id}/ban`);
    const { body } = await boss.http.get<{ records: unknown[] }>('/api/channels/news/history');
    expect(body.records).toHaveLength(1);
  });

  it('is forgotten after a day', async () => {
    await change('old');
    await sql(`UPDATE idempotency_keys SET expires_at = now()`);
    expect((await change('old')).body).toMatchObject({ number: 2 });
    await server.app.get(IdempotencyKeys).sweep();
    expect(await sql(`SELECT count(*)::int AS count FROM idempotency_keys`)).toEqual([{ count: 1 }]);
  });

  it('needs a key that is one', async () => {
    for (const key of ['', 'x'.repeat(256), 'é']) {
      const reply = await change(key);
      expect([key, ...outcome(reply)]).toEqual([key, 400, 'idempotency.key_invalid']);
    }
    expect((await change('x'.repeat(255))).status).toBe(201);
    const nobody = await keyed(server.http, 'nobody').post('/api/changes', { name: 'a' });
    expect(outcome(nobody)).toEqual([401, 'auth.credential_required']);
  });

  it('that answers with a secret is carried out each time, and nothing of it is kept', async () => {
    await sql(`DELETE FROM idempotency_keys`);
    const boss = await logIn(server.http, ADMIN.ADMIN_EMAIL, PASSWORD);
    const rooms = { rooms: [`/members/${boss.id}`] };
    const secrets: [string, object, HttpClient][] = [
      ['/api/auth/login', { email: ann.email, password: PASSWORD }, boss.http],
      ['/api/auth/refresh', { refresh_token: ann.refreshToken }, boss.http],
      ['/api/auth/register', { email: 'x@example.com', password: PASSWORD, name: 'X' }, boss.http],
      ['/api/realtime/tokens', rooms, boss.http],
      ['/api/api-keys', {}, boss.http],
    ];
    for (const [address, body, http] of secrets) {
      const reply = await keyed(http, 'secret').post(address, body);
      expect([address, Math.floor(reply.status / 100)]).toEqual([address, 2]);
    }
    expect(await sql(`SELECT * FROM idempotency_keys`)).toEqual([]);
    const keys = [await keyed(boss.http, 'k').post('/api/api-keys'), await keyed(boss.http, 'k').post('/api/api-keys')];
    expect(keys[0]!.body.api_key).not.toBe(keys[1]!.body.api_key);
  });

  it('leaves no trace of requests without the header, nor of other methods', async () => {
    await sql(`DELETE FROM idempotency_keys`);
    expect((await ann.http.post('/api/changes', { name: 'a' })).status).toBe(201);
    expect((await keyed(ann.http, 'patch').patch('/api/me', { name: 'Ann B.' })).status).toBe(200);
    expect(await sql(`SELECT * FROM idempotency_keys`)).toEqual([]);
    expect((await server.app.get(MembersService).get(1, ann.id)).name).toBe('Ann B.');
  });
});

// Real: two whole servers in this process, PostgreSQL and Redis.
describe('many retries at once on two nodes', () => {
  itWith(['postgres', 'redis'], 'make one group each, and end with one and the same answer', async () => {
    const { nodes, close } = await startTwoNodes();
    const boss = await logIn(nodes[0].http, ADMIN.ADMIN_EMAIL, 'a password of the tests');
    for (const round of [1, 2, 3, 4, 5]) {
      const attempt = async (node: TestServer): Promise<HttpReply<{ id: number }>> => {
        for (;;) {
          const http = keyed(node.http.as(boss.token), `round ${round}`);
          const reply = await http.post<{ id: number }>('/api/groups', { label: `Round ${round}` });
          if (reply.status !== 409) return reply;
          expect(outcome(reply)[1]).toBe('idempotency.in_progress');
          await new Promise((resolve) => setTimeout(resolve, 10));
        }
      };
      const replies = await Promise.all(Array.from({ length: 16 }, (_, index) => attempt(nodes[index % 2]!)));
      expect(new Set(replies.map(({ status, body }) => `${status} ${JSON.stringify(body)}`)).size).toBe(1);
    }
    const { body } = await boss.http.get<{ records: { label: string }[] }>('/api/groups?limit=100');
    const made = body.records.map(({ label }) => label).filter((label) => label.startsWith('Round'));
    expect(made.sort()).toEqual([1, 2, 3, 4, 5].map((round) => `Round ${round}`));
    await close();
  });
});
