import { DataSource, type DataSourceOptions, type QueryRunner, type ReplicationMode } from 'typeorm';
import type { EmbeddedDatabase } from './embedded/embedded-database.js';
import { openFrameOf } from './open-frames.js';
import type { PreparingPool } from './preparing-pool.js';
import { StandingConnection } from './standing-connection.js';

export type DatabaseOptions = DataSourceOptions & {
  preparedStatements?: boolean;
  /** Whether there is one beside the pool (`StandingConnection`). */
  standingConnection?: boolean;
  poolErrorHandler?: (error: unknown) => void;
};

/** The one way to the database, whichever of its two homes it has; closes the embedded one after its last connection. */
export class RoomcastDataSource extends DataSource {
  private standingConnection: StandingConnection | null = null;

  constructor(
    options: DatabaseOptions,
    private readonly embedded: EmbeddedDatabase | null,
  ) {
    super(options);
  }

  /** Whether each connection has a session of its own, that keeps named statements. */
  get preparesStatements(): boolean {
    return this.embedded === null && this.given.preparedStatements !== false;
  }

  /** Its connections, for statements that need nothing else of TypeORM. */
  get pool(): PreparingPool {
    this.requireNoTransaction();
    return (this.driver as unknown as { master: PreparingPool }).master;
  }

  /** The one beside the pool; null where there is none. */
  get standing(): StandingConnection | null {
    this.requireNoTransaction();
    return this.standingConnection;
  }

  override async initialize(): Promise<this> {
    await super.initialize();
    const { preparesStatements, pool, given } = this;
    const onLoss = given.poolErrorHandler ?? (() => undefined);
    if (preparesStatements && given.standingConnection) this.standingConnection = new StandingConnection(pool, onLoss);
    return this;
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
      await this.standingConnection?.close();
      await super.destroy();
    } finally {
      await this.embedded?.close();
    }
  }

  private get given(): DatabaseOptions {
    return this.options as DatabaseOptions;
  }

  private requireNoTransaction(): void {
    if (openFrameOf(this) === null) return;
    throw new Error(
      'Inside a transaction use the manager that Transactions.run hands over, not a repository of your own',
    );
  }
}
