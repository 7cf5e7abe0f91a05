import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { createDataDir, databaseImage } from '../../../test/support/database-image.js';
import { EmbeddedDatabase } from './embedded-database.js';

// Real: PGlite and the PostgreSQL driver.
describe('the embedded database', () => {
  let database: EmbeddedDatabase;
  let pool: pg.Pool;

  beforeAll(async () => {
    database = new EmbeddedDatabase({ dataDir: 'memory://', image: await databaseImage() });
    await database.open();
    pool = new pg.Pool({ stream: () => database.connect(), user: 'postgres', database: 'postgres', max: 8 });
    await pool.query('CREATE TABLE notes (text text)');
  });
  beforeEach(() => pool.query('TRUNCATE notes'));
  afterAll(async () => {
    await pool.end();
    await database.close();
  });

  it('gives each connection the answer to its own question, also when questions are long', async () => {
    const long = 'x'.repeat(300_000);
    const ask = async (place: number): Promise<unknown> => {
      if (place % 3 === 0) return (await pool.query('SELECT length($1::text) AS n', [long])).rows[0];
      if (place % 3 === 1) return (await pool.query('SELECT $1::int AS n', [place])).rows[0];
      return (await pool.query('SELECT $1::text AS n', [`text ${place}`])).rows[0];
    };
    const answers = await Promise.all(Array.from({ length: 90 }, (_, place) => ask(place)));
    answers.forEach((answer, place) => expect(answer).toEqual({ n: [300_000, place, `text ${place}`][place % 3] }));
  });

  it('does not mix two transactions: the second waits for the first', async () => {
    const [first, second] = await Promise.all([pool.connect(), pool.connect()]);
    await first.query('BEGIN');
    const waiting = second.query('INSERT INTO notes VALUES ($1)', ['second']);
    await first.query('INSERT INTO notes VALUES ($1)', ['first']);
    await first.query('ROLLBACK');
    await waiting;
    first.release();
    second.release();
    expect((await pool.query('SELECT text FROM notes')).rows).toEqual([{ text: 'second' }]);
  });

  it('takes back what a connection left unfinished, and serves the others', async () => {
    const lost = await pool.connect();
    await lost.query('BEGIN');
    await lost.query('INSERT INTO notes VALUES ($1)', ['lost']);
    lost.release(true);
    expect((await pool.query('SELECT text FROM notes')).rows).toEqual([]);
  });

  it('goes on after an error, in and out of a transaction', async () => {
    await expect(pool.query('SELECT $1::int', ['x'])).rejects.toMatchObject({ code: '22P02' });
    const client = await pool.connect();
    await client.query('BEGIN');
    await expect(client.query('SELECT 1 / $1::int', [0])).rejects.toMatchObject({ code: '22012' });
    await client.query('ROLLBACK');
    client.release();
    expect((await pool.query('SELECT 1 AS one')).rows).toEqual([{ one: 1 }]);
  });

  describe('on disk', () => {
    let dataDir: string;
    beforeEach(async () => {
      dataDir = await createDataDir();
    });
    afterEach(() => rmSync(dataDir, { recursive: true, force: true }));

    it('keeps what was written, and refuses a second server on the same directory', async () => {
      const first = new EmbeddedDatabase({ dataDir });
      await first.open();
      await expect(new EmbeddedDatabase({ dataDir }).open()).rejects.toThrow(/in use by another Roomcast server/);
      await query(first, 'CREATE TABLE kept AS SELECT 7 AS n');
      await first.close();
      expect(existsSync(join(dataDir, 'server.lock'))).toBe(false);
      const second = new EmbeddedDatabase({ dataDir });
      await second.open();
      expect(await query(second, 'SELECT n FROM kept')).toEqual([{ n: 7 }]);
      await second.close();
    });

    it('takes over the lock of a server that was killed, whatever has its number now', async () => {
      const gone = spawn(process.execPath, ['-e', '']);
      await once(gone, 'exit');
      const stale = [
        JSON.stringify({ pid: gone.pid, started: null }),
        JSON.stringify({ pid: process.pid, started: null }),
        JSON.stringify({ pid: process.ppid, started: '1' }),
        '{"pid":',
      ];
      for (const content of process.platform === 'linux' ? stale : stale.slice(0, 2)) {
        writeFileSync(join(dataDir, 'server.lock'), content);
        const database = new EmbeddedDatabase({ dataDir });
        await database.open();
        await database.close();
      }
    });
  });
});

async function query(database: EmbeddedDatabase, sql: string): Promise<unknown[]> {
  const client = new pg.Client({ stream: () => database.connect(), user: 'postgres', database: 'postgres' });
  await client.connect();
  const { rows } = await client.query(sql);
  await client.end();
  return rows as unknown[];
}
