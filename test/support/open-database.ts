import { Logger, type Type } from '@nestjs/common';
import type { DataSource, DataSourceOptions, MigrationInterface } from 'typeorm';
import { loadSettings } from '../../src/config/load-settings.js';
import { dataSourceOptions } from '../../src/database/data-source.options.js';
import { EmbeddedDatabase } from '../../src/database/embedded/embedded-database.js';
import { RoomcastDataSource } from '../../src/database/roomcast-data-source.js';
import { runMigrations } from '../../src/database/run-migrations.js';
import { Transactions } from '../../src/database/transactions.js';
import { databaseImage } from './database-image.js';
import { createPrivateDatabase } from './private-database.js';
import { TEST_DATABASE_URL } from './services.js';

export interface OpenDatabase {
  dataSource: DataSource;
  transactions: Transactions;
  /** Set on PostgreSQL, for a test that wants a second node on the same database. */
  url: string | null;
  close(): Promise<void>;
}

export interface DatabaseContent {
  entities?: Type[];
  migrations?: Type<MigrationInterface>[];
  subscribers?: DataSourceOptions['subscribers'];
  /** Plain SQL, for tables that only the test knows. */
  setUp?: string;
}

/** The real database layer without Nest: embedded by default, on a PostgreSQL of its own when TEST_DATABASE_URL is set. */
export async function openDatabase(content: DatabaseContent = {}): Promise<OpenDatabase> {
  Logger.overrideLogger(['warn', 'error', 'fatal']);
  const server = TEST_DATABASE_URL === null ? null : await createPrivateDatabase();
  const embedded =
    server === null ? new EmbeddedDatabase({ dataDir: 'memory://', image: await databaseImage() }) : null;
  await embedded?.open();
  const settings = loadSettings({ DATA_DIR: 'memory://', DATABASE_URL: server?.url });
  const { entities = [], migrations = [], subscribers, setUp } = content;
  const options = { ...dataSourceOptions(settings, embedded), entities, migrations, subscribers } as DataSourceOptions;
  const dataSource = new RoomcastDataSource(options, embedded);
  await dataSource.initialize();
  await runMigrations(dataSource);
  if (setUp !== undefined) await dataSource.query(setUp);
  return {
    dataSource,
    transactions: new Transactions(dataSource),
    url: server?.url ?? null,
    close: async () => {
      await dataSource.destroy();
      await server?.drop();
    },
  };
}
