import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import type {
  DataSource,
  EntitySubscriberInterface,
  QueryRunner,
  TransactionCommitEvent,
  TransactionRollbackEvent,
  TransactionStartEvent,
} from 'typeorm';
import { transactionDepth } from '../database/transaction-depth.js';
import { EventBus } from './bus/event-bus.js';
import { batchesByStream, type DomainEvent, type EventDraft } from './domain-event.js';
import type { AppendOptions } from './append-statement.js';
import { type Appended, EventWriter } from './event-writer.js';

/** What one transaction level (the transaction itself, or a savepoint inside it) has gathered. */
interface Level {
  drafts: EventDraft[];
  written: DomainEvent[];
}

/**
 * Gathers the events of a transaction, one level per savepoint, so that a rolled back savepoint takes its events with
 * it; writes what is left as the last step before the outermost COMMIT, and tells the bus after it.
 */
@Injectable()
export class EventCollector implements EntitySubscriberInterface {
  private readonly levels = new WeakMap<QueryRunner, Level[]>();

  constructor(
    @InjectDataSource() private readonly dataSource: DataSource,
    private readonly writer: EventWriter,
    private readonly bus: EventBus,
  ) {
    dataSource.subscribers.push(this);
  }

  /** Adds drafts to the current level of the runner's transaction. */
  collect(runner: QueryRunner | undefined, drafts: EventDraft[]): void {
    this.currentLevel(runner).drafts.push(...drafts);
  }

  /** Writes what the current level has gathered, then the drafts; returns the drafts as events. */
  async writeNow(runner: QueryRunner | undefined, drafts: EventDraft[]): Promise<DomainEvent[]> {
    const level = this.currentLevel(runner);
    level.drafts.push(...drafts);
    await this.writeLevel(runner!, level);
    return level.written.slice(level.written.length - drafts.length);
  }

  /**
   * One statement that is a transaction by itself, for events that are all there is to write. The bus is told in the
   * check phase of this turn of the event loop: the caller may send the database its next statement before.
   */
  writeAlone(drafts: EventDraft[], options: AppendOptions): Promise<Appended[]> {
    return this.writer.writeGuarded(this.dataSource.manager, drafts, options).then((appended) => {
      const events = appended.filter((event) => event !== null);
      if (events.length > 0) setImmediate(() => this.bus.publish(batchesByStream(events)));
      return appended;
    });
  }

  afterTransactionStart({ queryRunner }: TransactionStartEvent): void {
    // Depth 1 is a new transaction: whatever a broken connection left behind is forgotten here.
    const levels = transactionDepth(queryRunner) === 1 ? [] : (this.levels.get(queryRunner) ?? []);
    levels.push({ drafts: [], written: [] });
    this.levels.set(queryRunner, levels);
  }

  async beforeTransactionCommit({ queryRunner }: TransactionCommitEvent): Promise<void> {
    if (transactionDepth(queryRunner) === 1) await this.writeLevel(queryRunner, this.levels.get(queryRunner)?.at(-1));
  }

  afterTransactionCommit({ queryRunner }: TransactionCommitEvent): void {
    const levels = this.levels.get(queryRunner);
    const done = levels?.pop();
    if (!levels || !done) return;
    const parent = levels.at(-1);
    if (transactionDepth(queryRunner) > 0 && parent) {
      parent.drafts.push(...done.drafts);
      parent.written.push(...done.written);
      return;
    }
    this.levels.delete(queryRunner);
    if (done.written.length > 0) this.bus.publish(batchesByStream(done.written));
  }

  afterTransactionRollback({ queryRunner }: TransactionRollbackEvent): void {
    if (transactionDepth(queryRunner) > 0) this.levels.get(queryRunner)?.pop();
    else this.levels.delete(queryRunner);
  }

  private currentLevel(runner: QueryRunner | undefined): Level {
    const level = runner?.isTransactionActive ? this.levels.get(runner)?.at(-1) : undefined;
    if (!level) throw new Error('An event can only be written inside a transaction: use Transactions.run().');
    return level;
  }

  /** A level keeps what it wrote, because a rollback of the level undoes exactly that in the database too. */
  private async writeLevel(runner: QueryRunner, level: Level | undefined): Promise<void> {
    const drafts = level?.drafts.splice(0) ?? [];
    if (level && drafts.length > 0) level.written.push(...(await this.writer.write(runner.manager, drafts)));
  }
}
