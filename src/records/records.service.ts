import { Inject, Injectable, type Type } from '@nestjs/common';
import { type EntityManager, type FindOptionsOrder, type FindOptionsWhere, MoreThan } from 'typeorm';
import { required } from '../access/access-policy.js';
import type { Identity } from '../auth/identity.js';
import { forbidden } from '../common/domain-error.js';
import type { IdPage } from '../common/paging.js';
import { Transactions } from '../database/transactions.js';
import type { Position } from '../events/domain-event.js';
import { EventLog } from '../events/event-log.js';
import { definitionOf, type RecordClass, type RecordDefinition, type StoredRow } from './record-definition.js';
import { decide } from './record-rules.js';
import { recordStreams } from './record.streams.js';
import { AuthoredRecord } from './workspace-record.js';

/**
 * Reads and writes the records of one entity, for those who may. A feature with services to ask extends it. What exists
 * is changed through `change`, which holds the row: of two changes at the same time none is lost.
 */
export abstract class RecordsService<Row extends StoredRow> {
  abstract readonly entity: RecordClass<Row>;

  @Inject(Transactions) protected readonly transactions: Transactions;
  @Inject(EventLog) private readonly log: EventLog;

  /** In the order of ids, up to one more than the limit; and where the stream of all stood when they were read. */
  async list(identity: Identity, { limit, after = 0 }: IdPage): Promise<{ rows: Row[]; at: Position }> {
    this.requireInList(identity, 'read');
    const where = { workspaceId: identity.workspaceId, id: MoreThan(after) } as FindOptionsWhere<Row>;
    const order = { id: 'ASC' } as FindOptionsOrder<Row>;
    return this.transactions.snapshot(async (manager) => ({
      rows: await manager.find(this.entity, { where, order, take: limit + 1 }),
      at: await this.log.head(recordStreams.list(this.definition, identity.workspaceId), manager),
    }));
  }

  /** The record, and where the stream of its room stood when it was read. */
  async read(identity: Identity, id: number): Promise<{ row: Row; at: Position }> {
    const stream = recordStreams.ofRoom(this.definition, identity.workspaceId, id);
    return this.transactions.snapshot(async (manager) => ({
      row: await this.find(identity, 'read', id, manager),
      at: await this.log.head(stream, manager),
    }));
  }

  async create(identity: Identity, fields: Partial<Row>): Promise<Row> {
    this.requireInList(identity, 'create');
    const row = Object.assign(new this.entity(), fields, { workspaceId: identity.workspaceId });
    if (row instanceof AuthoredRecord) {
      if (identity.memberId === null)
        throw forbidden(`${this.definition.type}.members_only`, 'Only members make these.');
      row.authorId = identity.memberId;
    }
    return this.transactions.run((manager) => manager.save(row));
  }

  async update(identity: Identity, id: number, fields: Partial<Row>): Promise<Row> {
    return this.change(identity, 'update', id, (row) => void Object.assign(row, fields));
  }

  /**
   * Changes a record that nobody else can change meanwhile. What `work` throws takes everything back; what it leaves as
   * it was is no change and no event. It may write more with the manager, in the same transaction.
   */
  async change(
    identity: Identity,
    action: string,
    id: number,
    work: (row: Row, manager: EntityManager) => void | Promise<void>,
  ): Promise<Row> {
    return this.transactions.run(async (manager) => {
      const row = await this.find(identity, action, id, manager, 'pessimistic_write');
      await work(row, manager);
      return manager.save(row);
    });
  }

  async remove(identity: Identity, id: number): Promise<void> {
    await this.transactions.run(async (manager) => {
      await manager.remove(await this.find(identity, 'delete', id, manager, 'pessimistic_write'));
    });
  }

  /** The record, when the identity may do this with it; otherwise the errors of the access policy. */
  private async find(
    identity: Identity,
    action: string,
    id: number,
    manager: EntityManager,
    mode?: 'pessimistic_write',
  ): Promise<Row> {
    const { type, may } = this.definition;
    if (!may[action]) throw new Error(`No rule says who may "${action}" a ${type}`);
    const where = { id, workspaceId: identity.workspaceId } as FindOptionsWhere<Row>;
    const row = await manager.findOne(this.entity, { where, lock: mode && { mode } });
    required(row && decide(this.definition, identity, row), action, type);
    return row!;
  }

  private requireInList(identity: Identity, action: 'read' | 'create'): void {
    required(decide(this.definition, identity, null), action, this.definition.type);
  }

  private get definition(): RecordDefinition {
    return definitionOf(this.entity);
  }
}

const services = new Map<object, Type>();

/** The service of records that need no other; it is also the token under which `RecordsModule` provides it. */
export function recordsServiceOf<Row extends StoredRow>(entity: RecordClass<Row>): Type<RecordsService<Row>> {
  const known = services.get(entity);
  if (known) return known as Type<RecordsService<Row>>;

  @Injectable()
  class Service extends RecordsService<Row> {
    readonly entity = entity;
  }
  services.set(entity, Service);
  return Service;
}
