import { type EntityManager, QueryFailedError, type QueryRunner } from 'typeorm';
import { RoomcastDataSource } from './roomcast-data-source.js';

/** What node-postgres offers beneath TypeORM. */
interface PreparingClient {
  query(statement: { name: string; text: string; values: unknown[] }): Promise<{ rows: unknown[] }>;
}

/** Statements get names by their text; there are a handful of them, all written in our code. */
const names = new Map<string, string>();

/**
 * Runs a statement that is always the same text and always in the way: on a PostgreSQL of its own it is planned once
 * for each connection instead of every time. The embedded database has one session for all connections, where names
 * would clash.
 */
export async function queryPrepared<Row>(manager: EntityManager, sql: string, parameters: unknown[]): Promise<Row[]> {
  const { connection, queryRunner } = manager;
  if (!(connection instanceof RoomcastDataSource) || !connection.preparesStatements) {
    return manager.query(sql, parameters);
  }
  if (queryRunner) return runPrepared(queryRunner, sql, parameters);
  const runner = connection.createQueryRunner();
  try {
    return await runPrepared(runner, sql, parameters);
  } finally {
    await runner.release();
  }
}

async function runPrepared<Row>(runner: QueryRunner, text: string, values: unknown[]): Promise<Row[]> {
  const client = (await runner.connect()) as PreparingClient;
  try {
    const { rows } = await client.query({ name: nameOf(text), text, values });
    return rows as Row[];
  } catch (error) {
    throw new QueryFailedError(text, values, error as Error);
  }
}

function nameOf(text: string): string {
  let name = names.get(text);
  if (name === undefined) names.set(text, (name = `roomcast_${names.size + 1}`));
  return name;
}
