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
  on(event: 'error', listener: () => void): unknown;
  off(event: 'error', listener: () => void): unknown;
}

/** The connections of a data source. */
export interface PreparingPool {
  connect(done: (error: Error | undefined, client: PreparingClient, release: () => void) => void): void;
}
