import { Logger } from '@nestjs/common';
import { SparseLog } from '../common/logging/sparse-log.js';
import type { Settings } from '../config/settings.js';
import type { EmbeddedDatabase } from './embedded/embedded-database.js';
import { registeredMigrations } from './migration-registry.js';
import { QueryErrorLogger } from './query-error.logger.js';
import type { DatabaseOptions } from './roomcast-data-source.js';
import { limitSilence } from './silence-limit.js';
import { SnakeNamingStrategy } from './snake-naming.strategy.js';

/** How long a query waits for a connection before the service counts as unavailable. */
const CONNECT_TIMEOUT_MS = 10_000;
/** With fewer connections each of them has to be there for everybody. */
const ENOUGH_FOR_STANDING = 4;
/** A node that stands still must not hold the locks of its open transaction for ever. */
const IDLE_IN_TRANSACTION_MS = 60_000;
/** How much longer than it takes to cancel a statement an answer is waited for, and when idle connections are looked after. */
const SILENCE_MS = 5_000;
const KEEP_ALIVE_MS = 10_000;

const lost = new SparseLog(new Logger('Database'));

/** One set of options for both homes; they differ only in where a connection leads to. */
export function dataSourceOptions(settings: Settings, embedded: EmbeddedDatabase | null): DatabaseOptions {
  return {
    preparedStatements: settings.databasePreparedStatements === 'on',
    type: 'postgres',
    migrations: registeredMigrations(),
    migrationsTableName: 'migrations',
    synchronize: false,
    installExtensions: false,
    namingStrategy: new SnakeNamingStrategy(),
    logger: new QueryErrorLogger(),
    applicationName: 'roomcast',
    ...connections(settings.databasePoolSize),
    connectTimeoutMS: CONNECT_TIMEOUT_MS,
    // An idle connection that breaks is replaced at the next use; without a listener it would end the process.
    poolErrorHandler: (error: unknown) => lost.warn('Database connections were lost', error),
    ...(embedded === null ? toPostgres(settings) : toEmbedded(embedded)),
  };
}

/** Where there are enough, one of them stands beside the pool. */
function connections(most: number) {
  const standingConnection = most >= ENOUGH_FOR_STANDING;
  return { standingConnection, poolSize: standingConnection ? most - 1 : most };
}

function toPostgres(settings: Settings) {
  const timeout = settings.databaseStatementTimeoutMs;
  return {
    url: settings.databaseUrl ?? undefined,
    extra: {
      keepAlive: true,
      keepAliveInitialDelayMillis: KEEP_ALIVE_MS,
      idle_in_transaction_session_timeout: IDLE_IN_TRANSACTION_MS,
      ...(timeout > 0 ? withLimit(timeout) : {}),
    },
  };
}

/** The server cancels a statement; where it does not come to that, its connection is given up. */
function withLimit(timeout: number) {
  return {
    statement_timeout: timeout,
    onConnect: (client: Parameters<typeof limitSilence>[0]) => limitSilence(client, timeout + SILENCE_MS),
  };
}

/** Session settings such as time limits would be shared by all connections, and nothing can interrupt a statement there. */
function toEmbedded(embedded: EmbeddedDatabase) {
  return { username: 'postgres', database: 'postgres', extra: { stream: () => embedded.connect() } };
}
