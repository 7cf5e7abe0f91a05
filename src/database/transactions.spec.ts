import type { EventEmitter } from 'node:events';
import type { EntityManager } from 'typeorm';
import { DomainError } from '../common/domain-error.js';
import { type OpenDatabase, openDatabase } from '../../test/support/open-database.js';
import { itWith } from '../../test/support/services.js';
import type { Transactions } from './transactions.js';

// Real: the database (embedded, or PostgreSQL with TEST_DATABASE_URL) and TypeORM.
describe('transactions', () => {
  let database: OpenDatabase;
  let transactions: Transactions;

  beforeAll(async () => {
    database = await openDatabase({ setUp: 'CREATE TABLE notes (text text PRIMARY KEY)' });
    transactions = database.transactions;
  });
  beforeEach(() => database.dataSource.query('TRUNCATE notes'));
  afterAll(() => database.close());

  const write = (manager: EntityManager, text: string): Promise<unknown> =>
    manager.query('INSERT INTO notes VALUES ($1)', [text]);
  const notes = async (): Promise<string[]> => {
    const rows: { text: string }[] = await database.dataSource.query('SELECT text FROM notes ORDER BY text');
    return rows.map((row) => row.text);
  };
  const failure = new Error('changed my mind');

  it('commits what the work did, and returns what it returned', async () => {
    await expect(transactions.run(async (manager) => write(manager, 'a').then(() => 'done'))).resolves.toBe('done');
    expect(await notes()).toEqual(['a']);
  });

  it('takes everything back when the work throws', async () => {
    await expect(
      transactions.run(async (manager) => {
        await write(manager, 'a');
        throw failure;
      }),
    ).rejects.toBe(failure);
    expect(await notes()).toEqual([]);
  });

  it('a run inside a run is a savepoint: rolled back, it leaves the outer one usable', async () => {
    await transactions.run(async (outer) => {
      await write(outer, 'outer');
      const inner = transactions.run(async (manager) => {
        await write(manager, 'inner');
        await write(manager, 'inner'); // a duplicate key
      });
      await expect(inner).rejects.toThrow();
      await transactions.run((manager) => write(manager, 'second inner'));
      await write(outer, 'outer again');
    });
    expect(await notes()).toEqual(['outer', 'outer again', 'second inner']);
  });

  it('an outer rollback takes finished inner runs with it', async () => {
    const outer = transactions.run(async () => {
      await transactions.run((manager) => write(manager, 'inner'));
      throw failure;
    });
    await expect(outer).rejects.toBe(failure);
    expect(await notes()).toEqual([]);
  });

  it('inner runs that are started together follow each other', async () => {
    await transactions.run(async () => {
      await Promise.allSettled(
        Array.from({ length: 10 }, (_, place) =>
          transactions.run(async (manager) => {
            await write(manager, `kept ${place}`);
            if (place % 2 === 1) throw failure;
          }),
        ),
      );
    });
    expect(await notes()).toEqual(['kept 0', 'kept 2', 'kept 4', 'kept 6', 'kept 8']);
  });

  it('waits for an inner run that nobody awaited', async () => {
    await transactions.run(async () => {
      void transactions.run((manager) => write(manager, 'not awaited'));
    });
    expect(await notes()).toEqual(['not awaited']);
  });

  it('a run that starts after the end of the one around it has a transaction of its own', async () => {
    let late: Promise<unknown> = Promise.resolve();
    const outer = transactions.run(async () => {
      late = new Promise((resolve) => setTimeout(resolve, 20)).then(() =>
        transactions.run((manager) => write(manager, 'late')),
      );
      throw failure;
    });
    await expect(outer).rejects.toBe(failure);
    await late;
    expect(await notes()).toEqual(['late']);
  });

  it('does not acknowledge a commit that the database turned into a rollback', async () => {
    const run = transactions.run(async (manager) => {
      await write(manager, 'lost');
      await manager.query('SELECT 1 / 0').catch(() => undefined);
    });
    await expect(run).rejects.toThrow('has failed');
    expect(await notes()).toEqual([]);
    await transactions.run((manager) => write(manager, 'after'));
    expect(await notes()).toEqual(['after']);
  });

  it('nor when the database says so only after the error that caused it', async () => {
    const run = transactions.run(async (manager) => {
      const { connection } = (await manager.queryRunner!.connect()) as { connection: EventEmitter };
      const emit = connection.emit.bind(connection);
      connection.emit = (event: string, ...values: unknown[]) => {
        if (event !== 'readyForQuery') return emit(event, ...values);
        connection.emit = emit;
        setTimeout(() => emit(event, ...values), 50);
        return true;
      };
      await manager.query('SELECT 1 / 0').catch(() => undefined);
    });
    await expect(run).rejects.toThrow('has failed');
  });

  it('a statement on another connection inside a run fails instead of hanging', async () => {
    await transactions.run(async () => {
      await expect(database.dataSource.query('SELECT 1')).rejects.toThrow('use the manager');
      await expect(transactions.outside(async () => database.dataSource.isInitialized)).resolves.toBe(true);
    });
  });

  it('a run inside the run of another database does not join it', async () => {
    const other = await openDatabase({ setUp: 'CREATE TABLE notes (text text PRIMARY KEY)' });
    try {
      const run = transactions.run(async (manager) => {
        await write(manager, 'here');
        await other.transactions.run((otherManager) => write(otherManager, 'there'));
        throw failure;
      });
      await expect(run).rejects.toBe(failure);
      expect(await notes()).toEqual([]);
      expect(await other.dataSource.query('SELECT text FROM notes')).toEqual([{ text: 'there' }]);
    } finally {
      await other.close();
    }
  });

  it('a snapshot reads and does not write', async () => {
    const snapshot = transactions.snapshot((manager) => write(manager, 'a'));
    await expect(snapshot).rejects.toThrow('read-only');
    await expect(transactions.snapshot(() => transactions.run((manager) => write(manager, 'a')))).rejects.toThrow();
    expect(await notes()).toEqual([]);
  });

  itWith(['postgres'], 'the reads of a snapshot see one state', async () => {
    await transactions.snapshot(async (manager) => {
      expect(await manager.query('SELECT count(*)::int AS n FROM notes')).toEqual([{ n: 0 }]);
      await transactions.outside(() => transactions.run((writer) => write(writer, 'meanwhile')));
      expect(await manager.query('SELECT count(*)::int AS n FROM notes')).toEqual([{ n: 0 }]);
    });
    expect(await notes()).toEqual(['meanwhile']);
  });

  itWith(['postgres'], 'a connection that is cut becomes a retryable error, and the next run works', async () => {
    const cut = transactions.run(async (manager) => {
      const [{ pid }] = (await manager.query('SELECT pg_backend_pid() AS pid')) as [{ pid: number }];
      await transactions.outside(() => database.dataSource.query('SELECT pg_terminate_backend($1)', [pid]));
      await write(manager, 'lost');
    });
    const error: unknown = await cut.catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(DomainError);
    expect(error).toMatchObject({ code: 'service.unavailable', kind: 'unavailable', retryable: true });
    await transactions.run((manager) => write(manager, 'after'));
    expect(await notes()).toEqual(['after']);
  });

  itWith(
    ['postgres'],
    'a loss that was caught on the way is not acknowledged, and nobody waits for the dead',
    async () => {
      const cut = transactions.run(async (manager) => {
        const client = (await manager.queryRunner!.connect()) as EventEmitter;
        const ended = new Promise((resolve) => client.once('end', resolve));
        const [{ pid }] = (await manager.query('SELECT pg_backend_pid() AS pid')) as [{ pid: number }];
        const late = manager.query('SELECT pg_sleep(60)').catch(() => undefined);
        await transactions.outside(() => database.dataSource.query('SELECT pg_terminate_backend($1)', [pid]));
        await Promise.all([late, ended]);
      });
      await expect(cut).rejects.toMatchObject({ code: 'service.unavailable' });
    },
  );
});
