import type { EntityManager } from 'typeorm';
import { type OpenDatabase, openDatabase } from '../../test/support/open-database.js';
import { itWith } from '../../test/support/services.js';
import { queryLean } from './query-prepared.js';

interface Row {
  pid: string;
  value: string | null;
}

const SQL = 'SELECT pg_backend_pid() AS pid, $1::text AS value';
const ask = (manager: EntityManager, value: string | null, sql = SQL): Promise<Row[]> =>
  queryLean(manager, sql, [value], ([pid, text]) => ({ pid: pid!, value: text! }));

// Real: PostgreSQL, node-postgres, TypeORM.
describe('a lone statement', () => {
  let database: OpenDatabase;
  let manager: EntityManager;

  beforeEach(async () => {
    database = await openDatabase();
    ({ manager } = database.dataSource);
  });
  afterEach(() => database.close());

  /** The first statement goes by the pool and has the connection opened. */
  async function standing(): Promise<string> {
    await ask(manager, 'first');
    for (;;) {
      const [one] = await ask(manager, 'next');
      const [other] = await database.dataSource.query<{ pid: number }[]>('SELECT pg_backend_pid() AS pid');
      if (one!.pid !== String(other!.pid)) return one!.pid;
    }
  }

  const kill = (pid: string): Promise<unknown> =>
    database.dataSource.query('SELECT pg_terminate_backend($1::int)', [pid]);

  it('gives what any other would, in both homes of the database', async () => {
    for (const value of ['text', '', null, 'ü 😀 "\\']) {
      expect(await ask(manager, value)).toEqual([{ pid: expect.anything(), value }]);
    }
    expect(await ask(manager, 'x', `${SQL} WHERE false`)).toEqual([]);
    expect(await ask(manager, 'x', `${SQL} FROM generate_series(1, 3)`)).toHaveLength(3);
  });

  it('that fails is told so, and the next one is served', async () => {
    const failing = 'SELECT 1 / length($1::text) AS pid, NULL AS value';
    for (let time = 0; time < 3; time += 1) {
      await expect(ask(manager, '', failing)).rejects.toMatchObject({ code: '22012' });
      await expect(ask(manager, '', 'SELECT nonsense, $1::text')).rejects.toMatchObject({ code: '42703' });
      expect(await ask(manager, 'fine')).toMatchObject([{ value: 'fine' }]);
    }
  });

  it('inside a transaction is part of it', async () => {
    await database.transactions.run(async (inside) => {
      const [own] = await inside.query<{ pid: number }[]>('SELECT pg_backend_pid() AS pid');
      expect(String((await ask(inside, 'x'))[0]!.pid)).toBe(String(own!.pid));
      await expect(async () => ask(manager, 'x')).rejects.toThrow('Inside a transaction');
    });
  });

  itWith(['postgres'], 'has a connection at hand, and takes one of the pool while that one is busy', async () => {
    const pid = await standing();
    const all = await Promise.all(Array.from({ length: 5 }, () => ask(manager, 'x')));
    const pids = all.map(([row]) => row!.pid);
    expect(pids.filter((used) => used === pid)).toHaveLength(1);
    expect((await ask(manager, 'x'))[0]!.pid).toBe(pid);
  });

  itWith(
    ['postgres'],
    'is served all the same when the connection at hand has been cut, and soon at hand again',
    async () => {
      const pid = await standing();
      await kill(pid);
      const failures: unknown[] = [];
      const next = (): Promise<string | undefined> =>
        ask(manager, 'x').then(
          ([row]) => row!.pid,
          (error: unknown) => void failures.push(error),
        );
      // The cut may be heard of by the statement that comes next.
      while ([pid, undefined].includes(await next()));
      expect(failures.length).toBeLessThan(2);
      expect(await standing()).not.toBe(pid);
    },
  );

  itWith(['postgres'], 'that was under way when its connection was cut fails, and none waits for ever', async () => {
    const pid = await standing();
    const hanging = ask(manager, 'x', 'SELECT pg_sleep(60)::text, $1::text');
    const failed = expect(hanging).rejects.toThrow();
    const running = (): Promise<unknown[]> =>
      database.dataSource.query(`SELECT 1 FROM pg_stat_activity WHERE pid = $1::int AND query LIKE '%pg_sleep(60)%'`, [
        pid,
      ]);
    while ((await running()).length === 0);
    await kill(pid);
    await failed;
    expect(await ask(manager, 'x')).toMatchObject([{ value: 'x' }]);
  });

  itWith(['postgres'], 'that is under way is answered before the database is left', async () => {
    await standing();
    const slow = ask(manager, 'x', 'SELECT pg_sleep(0.2)::text, $1::text');
    await database.dataSource.destroy();
    expect(await slow).toMatchObject([{ value: 'x' }]);
    await database.dataSource.initialize();
  });
});
