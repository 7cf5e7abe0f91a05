import type { DataSource } from 'typeorm';
import type { Transactions } from '../database/transactions.js';
import type { Exposition } from './exposition.js';

/** What node-postgres tells of its pool. */
interface Pool {
  totalCount: number;
  idleCount: number;
  waitingCount: number;
}

export function exposeDatabase(metrics: Exposition, dataSource: DataSource, transactions: Transactions): void {
  const pool = (): Pool => (dataSource.driver as unknown as { master: Pool }).master;
  metrics.gauge(
    {
      name: 'roomcast_database_connections',
      help: 'Connections of the pool; the most that there may be is DATABASE_POOL_SIZE.',
      labels: ['state'],
    },
    () => {
      const { totalCount, idleCount } = pool();
      return [
        ['busy', totalCount - idleCount],
        ['idle', idleCount],
      ];
    },
  );
  metrics.gauge(
    { name: 'roomcast_database_waiting', help: 'Queries and transactions that wait for a free connection.' },
    () => pool().waitingCount,
  );
  metrics.histogram(
    {
      name: 'roomcast_database_transaction_duration_seconds',
      help: 'Whole transactions, with the wait for a connection: those that write, and snapshots for several reads.',
      labels: ['kind'],
    },
    () => [
      ['write', transactions.durations['read write']],
      ['snapshot', transactions.durations.snapshot],
    ],
  );
}
