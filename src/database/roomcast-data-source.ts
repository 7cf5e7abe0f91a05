import { DataSource, type DataSourceOptions, type QueryRunner, type ReplicationMode } from 'typeorm';
import type { EmbeddedDatabase } from './embedded/embedded-database.js';
import { openFrameOf } from './open-frames.js';
import type { PreparingPool } from './preparing-pool.js';

export type DatabaseOptions = DataSourceOptions & { preparedStatements?: boolean };

/** The one way to the database, whichever of its two homes it has; closes the embedded one after its last connection. */
export class RoomcastDataSource extends DataSource {
  constructor(
    options: DatabaseOptions,
    private readonly embedded: EmbeddedDatabase | null,
  ) {
    super(options);
  }

  /** Whether each connection has a session of its own, that keeps named statements. */
  get preparesStatements(): boolean {
    return this.embedded === null && (this.options as DatabaseOptions).preparedStatements !== false;
  }

  /** Its connections, for statements that need nothing else of TypeORM. */
  get pool(): PreparingPool {
    this.requireNoTransaction();
    return (this.driver as unknown as { master: PreparingPool }).master;
  }

  /**
   * A second connection inside a transaction does not see what that transaction wrote, and on the embedded database
   * it would wait for ever. So it fails, loudly and everywhere, instead of hanging in one home only.
   */
  override createQueryRunner(mode: ReplicationMode = 'master'): QueryRunner {
    this.requireNoTransaction();
    return super.createQueryRunner(mode);
  }

  override async destroy(): Promise<void> {
    try {
      await super.destroy();
    } finally {
      await this.embedded?.close();
    }
  }

  private requireNoTransaction(): void {
    if (openFrameOf(this) === null) return;
    throw new Error(
      'Inside a transaction use the manager that Transactions.run hands over, not a repository of your own',
    );
  }
}
