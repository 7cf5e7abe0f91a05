import { type DataSource, MigrationExecutor, type QueryRunner } from 'typeorm';
import { withoutSilenceLimit } from './silence-limit.js';

/** Any fixed number, the same for every version of every node. */
const MIGRATION_LOCK = 7_226_627_810;

/** Brings the schema up to date before anything listens. Nodes that boot together take turns, and the later ones find it done. */
export async function runMigrations(dataSource: DataSource): Promise<void> {
  const runner = dataSource.createQueryRunner();
  try {
    const client = (await runner.connect()) as Parameters<typeof withoutSilenceLimit>[0];
    // A migration, and the wait for another node's, may take longer than any request may.
    await withoutSilenceLimit(client, () => migrate(dataSource, runner));
  } finally {
    await runner.release();
  }
}

async function migrate(dataSource: DataSource, runner: QueryRunner): Promise<void> {
  await runner.query('SET statement_timeout = 0');
  await runner.query('SELECT pg_advisory_lock($1)', [MIGRATION_LOCK]);
  const executor = new MigrationExecutor(dataSource, runner);
  executor.transaction = 'each';
  await executor.executePendingMigrations();
  // After a failure the boot stops, and the end of the connection frees the lock.
  await runner.query('SELECT pg_advisory_unlock($1)', [MIGRATION_LOCK]);
  await runner.query('RESET statement_timeout');
}
