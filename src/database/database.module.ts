import { type DynamicModule, Module, type Type } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import type { DataSource, DataSourceOptions, MigrationInterface } from 'typeorm';
import { asUnavailable } from '../common/connection-errors.js';
import { Settings } from '../config/settings.js';
import { dataSourceOptions } from './data-source.options.js';
import type { EmbeddedDatabase } from './embedded/embedded-database.js';
import { registerMigrations } from './migration-registry.js';
import { Outages } from './outages.js';
import { RoomcastDataSource } from './roomcast-data-source.js';
import { runMigrations } from './run-migrations.js';
import { Transactions } from './transactions.js';

/** A database that starts together with us is given half a minute. */
const BOOT_ATTEMPTS = 15;
const BOOT_RETRY_MS = 2000;

export interface DatabaseFeature {
  entities: Type[];
  migrations?: Type<MigrationInterface>[];
}

/** The door of the other modules to the database. */
@Module({})
export class DatabaseModule {
  /** Once, at the top: opens the database, brings its schema up to date, and provides Transactions and Outages. */
  static forRoot(embedded: EmbeddedDatabase | null): DynamicModule {
    return {
      module: DatabaseModule,
      global: true,
      imports: [
        TypeOrmModule.forRootAsync({
          inject: [Settings],
          useFactory: (settings: Settings) => ({
            ...dataSourceOptions(settings, embedded),
            autoLoadEntities: true,
            retryAttempts: BOOT_ATTEMPTS,
            retryDelay: BOOT_RETRY_MS,
            toRetry: (error: unknown) => asUnavailable(error) !== null,
          }),
          dataSourceFactory: (options) => openDataSource(options, embedded),
        }),
      ],
      providers: [Transactions, Outages],
      exports: [Transactions, Outages],
    };
  }

  /** In each feature: names its entities and its migrations, gets its repositories. */
  static forFeature({ entities, migrations = [] }: DatabaseFeature): DynamicModule {
    registerMigrations(migrations);
    const repositories = TypeOrmModule.forFeature(entities);
    return { module: DatabaseModule, imports: [repositories], exports: [repositories] };
  }
}

async function openDataSource(
  options: DataSourceOptions | undefined,
  embedded: EmbeddedDatabase | null,
): Promise<DataSource> {
  if (options === undefined) throw new Error('The database has no options');
  await embedded?.open();
  const dataSource = new RoomcastDataSource(options, embedded);
  await dataSource.initialize();
  try {
    await runMigrations(dataSource);
    return dataSource;
  } catch (error) {
    await dataSource.destroy();
    throw error;
  }
}
