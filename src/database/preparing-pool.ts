import type { LoneStatement } from './lone-statement.js';

/** A statement and the name under which a connection keeps its plan. */
export interface Statement {
  name: string;
  text: string;
  values: unknown[];
}

interface QueryResult {
  rows: unknown[];
}

/** What node-postgres offers beneath TypeORM. */
export interface PreparingClient {
  query(statement: Statement): Promise<QueryResult>;
  query(statement: Statement, done: (error: Error | null, result: QueryResult) => void): void;
  query(statement: LoneStatement): void;
  on(event: 'error' | 'end', listener: (error: Error) => void): unknown;
  off(event: 'error', listener: (error: Error) => void): unknown;
  connect(): Promise<unknown>;
  end(): Promise<void>;
}

interface PoolOptions {
  onConnect?: (client: PreparingClient) => unknown;
}

/** The connections of a data source. */
export interface PreparingPool {
  readonly options: PoolOptions;
  readonly Client: new (options: PoolOptions) => PreparingClient;
  connect(done: (error: Error | undefined, client: PreparingClient, release: () => void) => void): void;
}
