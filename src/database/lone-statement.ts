/** The columns of one row, as PostgreSQL writes them out. */
export type Fields = (string | null)[];

type Answered = (error: Error | null, rows: Fields[]) => void;

/** What node-postgres offers to whoever brings statements of their own. */
interface Wire {
  readonly stream: { cork?(): void; uncork?(): void };
  readonly parsedStatements: Record<string, string | undefined>;
  parse(message: { name: string; text: string }): void;
  bind(message: { statement: string; values: (string | null)[] }): void;
  execute(message: null): void;
  sync(): void;
}

/** Dates, lists and documents come as the texts that PostgreSQL reads (`arrayLiteral`). */
export type Parameter = string | number | boolean | null | undefined;

/**
 * A statement that is a transaction by itself, as node-postgres takes it from others (`submit` and `handle...` are its
 * words). Its writer knows which columns come back, so the server is not asked to describe them, and no parsers are
 * looked for and no objects made by that description: a good part of what such a statement costs this process.
 */
export class LoneStatement {
  private readonly values: (string | null)[];
  private readonly rows: Fields[] = [];

  constructor(
    /** A connection keeps its plan under this name; the same text wherever it is used. */
    readonly name: string,
    readonly text: string,
    parameters: readonly Parameter[],
    /** Called once; node-postgres may wrap it. */
    public callback: Answered,
  ) {
    this.values = parameters.map((value) => (value === null || value === undefined ? null : String(value)));
  }

  submit(connection: Wire): Error | null {
    // One packet for all of it.
    connection.stream.cork?.();
    try {
      if (connection.parsedStatements[this.name] === undefined) connection.parse(this);
      connection.bind({ statement: this.name, values: this.values });
      connection.execute(null);
      connection.sync();
    } finally {
      connection.stream.uncork?.();
    }
    return null;
  }

  handleDataRow({ fields }: { fields: Fields }): void {
    this.rows.push(fields);
  }

  handleCommandComplete(): void {}

  handleEmptyQuery(): void {}

  handleError(error: Error): void {
    this.callback(error, this.rows);
  }

  handleReadyForQuery(): void {
    this.callback(null, this.rows);
  }
}
