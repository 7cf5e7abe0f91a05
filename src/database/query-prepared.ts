import { type EntityManager, QueryFailedError, type QueryRunner } from 'typeorm';
import { type Fields, LoneStatement, type Parameter } from './lone-statement.js';
import type { PreparingClient, PreparingPool, Statement } from './preparing-pool.js';
import { RoomcastDataSource } from './roomcast-data-source.js';

/** Called once, when the statement has been answered or has failed. */
type GiveBack = (error: Error | null) => void;

/** Statements get names by their text; there are a handful of them, all written in our code. */
const names = new Map<string, string>();

/**
 * Runs a statement that is always the same text and always in the way: on a PostgreSQL of its own it is planned once
 * for each connection instead of every time. The embedded database has one session for all connections, where names
 * would clash.
 */
export function queryPrepared<Row>(manager: EntityManager, sql: string, parameters: unknown[]): Promise<Row[]> {
  const { connection, queryRunner } = manager;
  if (!(connection instanceof RoomcastDataSource) || !connection.preparesStatements) {
    return manager.query(sql, parameters);
  }
  const statement = { name: nameOf(sql), text: sql, values: parameters };
  return (queryRunner ? runInside(queryRunner, statement) : runAlone(connection.pool, statement)) as Promise<Row[]>;
}

/**
 * The same for the most frequent of all: lists and documents come as texts (`arrayLiteral`), and `read` says what the
 * columns of a row mean, in their order.
 */
export function queryLean<Row>(
  manager: EntityManager,
  sql: string,
  parameters: Parameter[],
  read: (fields: Fields) => Row,
): Promise<Row[]> {
  const { connection, queryRunner } = manager;
  if (queryRunner || !(connection instanceof RoomcastDataSource) || !connection.preparesStatements) {
    return queryPrepared(manager, sql, parameters);
  }
  return new Promise((resolve, reject) => {
    const ask = (client: PreparingClient, giveBack: GiveBack): void => {
      const answered = (error: Error | null, rows: Fields[]): void => {
        giveBack(error);
        if (!error) return resolve(rows.map(read));
        connection.logger.logQueryError(error, sql);
        reject(new QueryFailedError(sql, parameters, error));
      };
      client.query(new LoneStatement(nameOf(sql), sql, parameters, answered));
    };
    const { standing } = connection;
    const standby = standing?.take();
    if (standby) return ask(standby, (error) => standing!.giveBack(standby, error));
    borrow(connection.pool, reject, ask);
  });
}

/** On a connection of the pool, without a query runner around it: that one costs more than such a statement. */
function runAlone(pool: PreparingPool, statement: Statement): Promise<unknown[]> {
  return new Promise((resolve, reject) => {
    borrow(pool, reject, (client, giveBack) =>
      client.query(statement, (error, result) => {
        giveBack(error);
        if (error) reject(failed(statement, error));
        else resolve(result.rows);
      }),
    );
  });
}

/** A connection of the pool, for one statement. */
function borrow(
  pool: PreparingPool,
  refuse: (error: Error) => void,
  use: (client: PreparingClient, giveBack: GiveBack) => void,
): void {
  pool.connect((refused, client, release) => {
    if (refused) return refuse(refused);
    // A connection that breaks fails the statement, and the pool does not take it back.
    client.on('error', heard);
    use(client, () => {
      client.off('error', heard);
      release();
    });
  });
}

async function runInside(runner: QueryRunner, statement: Statement): Promise<unknown[]> {
  const client = (await runner.connect()) as PreparingClient;
  try {
    return (await client.query(statement)).rows;
  } catch (error) {
    throw failed(statement, error as Error);
  }
}

function heard(): void {}

function failed({ text, values }: Statement, error: Error): QueryFailedError {
  return new QueryFailedError(text, values, error);
}

function nameOf(text: string): string {
  let name = names.get(text);
  if (name === undefined) names.set(text, (name = `roomcast_${names.size + 1}`));
  return name;
}
