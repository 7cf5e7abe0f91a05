import { DataSource, type DataSourceOptions, type MigrationInterface, type QueryRunner } from 'typeorm';
import { openDatabase } from '../../test/support/open-database.js';
import { itWith } from '../../test/support/services.js';
import { QueryErrorLogger } from './query-error.logger.js';
import { runMigrations } from './run-migrations.js';

/** Does what breaks when two nodes do it at once, and takes its time. */
class SlowSteps1700000000001 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('CREATE TABLE steps (name text PRIMARY KEY)');
    await runner.query('SELECT pg_sleep(0.2)');
    await runner.query(`INSERT INTO steps VALUES ('first')`);
  }
  async down(): Promise<void> {}
}

class NextStep1700000000002 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`INSERT INTO steps SELECT 'after ' || name FROM steps`);
  }
  async down(): Promise<void> {}
}

class BrokenStep1700000000003 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`INSERT INTO steps VALUES ('half done')`);
    await runner.query('SELECT nonsense');
  }
  async down(): Promise<void> {}
}

// Real: the database and TypeORM.
describe('migrations', () => {
  it('run in the order of their timestamps, and once', async () => {
    const database = await openDatabase({ migrations: [NextStep1700000000002, SlowSteps1700000000001] });
    await runMigrations(database.dataSource);
    expect(await database.dataSource.query('SELECT name FROM steps ORDER BY name')).toEqual([
      { name: 'after first' },
      { name: 'first' },
    ]);
    await database.close();
  });

  itWith(['postgres'], 'nodes that boot together take turns', async () => {
    const database = await openDatabase();
    const nodes = [1, 2, 3].map(
      () =>
        new DataSource({
          type: 'postgres',
          logger: new QueryErrorLogger(),
          url: database.url ?? undefined,
          migrations: [SlowSteps1700000000001, NextStep1700000000002],
        } as DataSourceOptions),
    );
    await Promise.all(nodes.map((node) => node.initialize()));
    await Promise.all(nodes.map((node) => runMigrations(node)));
    expect(await database.dataSource.query('SELECT count(*)::int AS n FROM steps')).toEqual([{ n: 2 }]);
    await Promise.all(nodes.map((node) => node.destroy()));
    await database.close();
  });

  itWith(['postgres'], 'one that fails leaves nothing of itself and lets the next node try', async () => {
    const database = await openDatabase({ migrations: [SlowSteps1700000000001] });
    const options = {
      type: 'postgres',
      logger: new QueryErrorLogger(),
      url: database.url ?? undefined,
    } as DataSourceOptions;
    const broken = new DataSource({
      ...options,
      migrations: [SlowSteps1700000000001, BrokenStep1700000000003],
    } as DataSourceOptions);
    await broken.initialize();
    await expect(runMigrations(broken)).rejects.toThrow('nonsense');
    await broken.destroy();
    await runMigrations(database.dataSource);
    expect(await database.dataSource.query('SELECT name FROM steps')).toEqual([{ name: 'first' }]);
    await database.close();
  });
});
