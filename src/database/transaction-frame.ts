import { Logger } from '@nestjs/common';
import type { DataSource, EntityManager, QueryRunner } from 'typeorm';
import { serviceUnavailable } from '../common/connection-errors.js';
import { transactionDepth } from './transaction-depth.js';

type FrameMode = 'read write' | 'snapshot';
type FrameWork<T> = (frame: TransactionFrame) => Promise<T>;

interface PostgresClient {
  /** I: idle, T: in a transaction, E: in a failed one. */
  getTransactionStatus(): string | null;
  /** False from the start of a statement until the server has said in which state it leaves the transaction. */
  readyForQuery: boolean;
  /** The connection has ended: no event will tell it again. */
  _ended: boolean;
  on(event: 'drain' | 'end', listener: () => void): unknown;
  off(event: 'drain' | 'end', listener: () => void): unknown;
  end(): Promise<void>;
}

/** What the frames of one database connection share. */
interface FrameConnection {
  dataSource: DataSource;
  runner: QueryRunner;
  client: PostgresClient;
  readOnly: boolean;
  /** Set when a savepoint could not be taken back: nothing of this transaction may be committed any more. */
  broken: unknown;
}

const logger = new Logger('Transactions');

/** One level of a transaction (the transaction itself or a savepoint in it), open while its work runs. */
export class TransactionFrame {
  open = true;
  /** Savepoints of one level follow each other: two at once would release or roll back each other's work. */
  private lastSavepoint: Promise<unknown> = Promise.resolve();

  private constructor(private readonly connection: FrameConnection) {}

  static async outermost<T>(dataSource: DataSource, mode: FrameMode, work: FrameWork<T>): Promise<T> {
    const runner = dataSource.createQueryRunner();
    try {
      const client = (await runner.connect()) as PostgresClient;
      const connection = { dataSource, runner, client, readOnly: mode === 'snapshot', broken: null };
      try {
        return await new TransactionFrame(connection).run(work);
      } finally {
        // A connection in an unknown state must not serve anybody else; the pool drops one that was ended.
        if (client.getTransactionStatus() !== 'I') client.end().catch(() => undefined);
      }
    } finally {
      await runner.release();
    }
  }

  get dataSource(): DataSource {
    return this.connection.dataSource;
  }

  get manager(): EntityManager {
    return this.connection.runner.manager;
  }

  get readOnly(): boolean {
    return this.connection.readOnly;
  }

  savepoint<T>(work: FrameWork<T>): Promise<T> {
    const next = this.lastSavepoint.then(() => {
      if (!this.open) throw new Error('A nested transaction was not awaited by the one around it, which has ended');
      return new TransactionFrame(this.connection).run(work);
    });
    this.lastSavepoint = next.catch(() => undefined);
    return next;
  }

  private async run<T>(work: FrameWork<T>): Promise<T> {
    const { runner } = this.connection;
    const depthAround = transactionDepth(runner);
    try {
      await runner.startTransaction();
      if (this.readOnly) await runner.query('SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY');
      const result = await work(this);
      await this.close();
      await this.commit(depthAround);
      return result;
    } catch (error) {
      await this.close();
      await this.rollBack(depthAround, error);
      // TypeORM gives a broken connection back at once; what comes after that only says so.
      throw runner.isReleased ? serviceUnavailable(error) : error;
    }
  }

  /** Waits for savepoints that `work` started without awaiting them, so that none runs beside the end. */
  private async close(): Promise<void> {
    this.open = false;
    await this.lastSavepoint;
  }

  private async commit(depthAround: number): Promise<void> {
    const { runner, client, broken } = this.connection;
    if (broken !== null) throw broken;
    if (!client.readyForQuery && !client._ended) await settled(client);
    // PostgreSQL answers COMMIT of a failed transaction with a silent ROLLBACK: a write would be acknowledged and lost.
    if (client.getTransactionStatus() === 'E') {
      throw new Error('The transaction has failed: an error of one of its statements was caught and not passed on');
    }
    try {
      await runner.commitTransaction();
    } catch (error) {
      if (transactionDepth(runner) > depthAround) throw error;
      // It is committed, so what a listener does afterwards must not look like a failed write.
      logger.error(error, 'A listener failed after a commit');
    }
  }

  private async rollBack(depthAround: number, reason: unknown): Promise<void> {
    const { runner } = this.connection;
    if (runner.isReleased || transactionDepth(runner) <= depthAround) return;
    try {
      await runner.rollbackTransaction();
    } catch {
      // The first error is the one to report.
      this.connection.broken = reason;
    }
  }
}

/** The error of a statement comes before the word that the transaction has failed with it: waits for that word. */
function settled(client: PostgresClient): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      client.off('drain', done);
      client.off('end', done);
      resolve();
    };
    client.on('drain', done);
    client.on('end', done);
  });
}
