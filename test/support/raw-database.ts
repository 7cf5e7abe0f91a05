import pg from 'pg';
import { EmbeddedDatabase } from '../../src/database/embedded/embedded-database.js';

export type Query = <Row>(sql: string) => Promise<Row[]>;

export type Where = { DATABASE_URL: string } | { DATA_DIR: string };

/** Speaks with the database of a server that is down, past everything that the server watches over. */
export async function withDatabase(where: Where, work: (query: Query) => Promise<void>): Promise<void> {
  const embedded = 'DATA_DIR' in where ? new EmbeddedDatabase({ dataDir: where.DATA_DIR }) : null;
  await embedded?.open();
  const client = embedded
    ? new pg.Client({ stream: () => embedded.connect(), user: 'postgres', database: 'postgres' })
    : new pg.Client({ connectionString: (where as { DATABASE_URL: string }).DATABASE_URL });
  await client.connect();
  try {
    await work(async <Row>(sql: string) => (await client.query(sql)).rows as Row[]);
  } finally {
    await client.end();
    await embedded?.close();
  }
}
