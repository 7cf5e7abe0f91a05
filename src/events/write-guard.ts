import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import type {
  BeforeQueryEvent,
  DataSource,
  EntityManager,
  EntityMetadata,
  EntitySubscriberInterface,
  EntityTarget,
  ObjectLiteral,
  QueryRunner,
} from 'typeorm';
import { Settings } from '../config/settings.js';
import { transactionDepth } from '../database/transaction-depth.js';

interface HookEvent {
  metadata: EntityMetadata;
  queryRunner: QueryRunner;
}

/** A write that would change a row without an event, or an event without its row. A programming mistake, never bad input. */
export class SilentWriteError extends Error {
  constructor(table: string, reason: string) {
    super(
      `A write to the realtime table "${table}" ${reason}. Use save, insert, remove or softRemove inside Transactions.run().`,
    );
    this.name = 'SilentWriteError';
  }
}

/** INSERT, UPDATE, DELETE ... with the table they write; `FOR UPDATE` and `DO UPDATE SET` are no writes of a table. */
const WRITES =
  /\b(insert\s+into|(?<!for\s)(?<!no\skey\s)(?<!do\s)update(?:\s+only)?|delete\s+from(?:\s+only)?|merge\s+into|truncate(?:\s+table)?)\s+(?:"?\w+"?\.)?"?(\w+)"?/gi;
/** A statement that writes the log as well is its own event. */
const WRITES_EVENTS = /\binsert\s+into\s+events\b/i;
const UPSERT = /\bon\s+conflict\b[\s\S]*\bdo\s+update\b/i;

/**
 * Keeps the promise "no change without its event": writes of realtime tables that TypeORM's hooks do not see (bulk
 * updates, raw SQL, cascades) fail loudly instead of being silent. The check of every SQL text is for development and
 * tests; the checks at the hooks and at boot are always on.
 */
@Injectable()
export class WriteGuard implements EntitySubscriberInterface {
  private readonly tables = new Set<string>();
  /** Per connection: the realtime tables whose hooks have announced a write in the current transaction. */
  private readonly announced = new WeakMap<QueryRunner, Set<string>>();
  private readonly checksSql: boolean;

  constructor(
    @InjectDataSource() private readonly dataSource: DataSource,
    settings: Settings,
  ) {
    this.checksSql = settings.nodeEnv !== 'production';
    if (this.checksSql) dataSource.subscribers.push(this);
  }

  /** Puts an entity's table under guard and attaches its subscriber. */
  protect(entity: EntityTarget<ObjectLiteral>, subscriber: EntitySubscriberInterface<ObjectLiteral>): void {
    const metadata = this.dataSource.getMetadata(entity);
    for (const key of metadata.foreignKeys) {
      if (key.onDelete && !['NO ACTION', 'RESTRICT'].includes(key.onDelete)) {
        throw new SilentWriteError(metadata.tableName, `by a foreign key with ON DELETE ${key.onDelete} has no event`);
      }
    }
    this.tables.add(metadata.tableName);
    this.dataSource.subscribers.push(subscriber);
  }

  /** Called by the hooks: what follows on this connection has its event. */
  announce({ metadata, queryRunner }: HookEvent): void {
    if (!queryRunner.isTransactionActive) {
      throw new SilentWriteError(metadata.tableName, 'outside a transaction could commit without its event');
    }
    if (!this.checksSql) return;
    const tables = this.announced.get(queryRunner) ?? new Set();
    this.announced.set(queryRunner, tables.add(metadata.tableName));
  }

  /** For SQL that writes many rows at once: the caller appends their events by hand, in the same transaction. */
  permit(manager: EntityManager, entity: EntityTarget<ObjectLiteral>): void {
    this.announce({ metadata: manager.connection.getMetadata(entity), queryRunner: manager.queryRunner! });
  }

  /** A hook without the row comes from update(), delete() or a query builder: nobody could say what changed. */
  refuseUnseenRow(event: { metadata: EntityMetadata; databaseEntity?: ObjectLiteral }): void {
    if (!event.databaseEntity)
      throw new SilentWriteError(event.metadata.tableName, 'by criteria hides the row from its event');
  }

  beforeQuery({ query, queryRunner }: BeforeQueryEvent): void {
    for (const [, verb, name] of query.matchAll(WRITES)) {
      const table = name!.toLowerCase();
      if (!this.tables.has(table) || WRITES_EVENTS.test(query)) continue;
      if (!this.announced.get(queryRunner)?.has(table)) throw new SilentWriteError(table, 'by raw SQL has no event');
      if (/insert/i.test(verb!) && UPSERT.test(query))
        throw new SilentWriteError(table, 'by upsert may be an update in disguise');
    }
  }

  afterTransactionStart({ queryRunner }: { queryRunner: QueryRunner }): void {
    if (transactionDepth(queryRunner) === 1) this.announced.delete(queryRunner);
  }
}
