import { Inject, type OnModuleInit } from '@nestjs/common';
import type {
  EntityManager,
  EntityMetadata,
  EntitySubscriberInterface,
  InsertEvent,
  ObjectLiteral,
  QueryRunner,
  RecoverEvent,
  RemoveEvent,
  SoftRemoveEvent,
  UpdateEvent,
} from 'typeorm';
import type { EventDraft } from './domain-event.js';
import { EventCollector } from './event-collector.js';
import { WriteGuard } from './write-guard.js';

/** One change of one row, with the row as it is after it (for `deleted`: as it was). */
export interface Change<Entity> {
  action: 'created' | 'updated' | 'deleted';
  entity: Entity;
  /** The row before the change; null for `created`. */
  before: Entity | null;
  /** For `updated`: the names of the properties that changed. */
  changed: string[];
}

/** The descriptions that are under way in each transaction: its connection takes one query at a time. */
const describing = new WeakMap<QueryRunner, Promise<void>>();

type Drafts = EventDraft | EventDraft[] | null;

/**
 * Turns changes of one entity into events in the writer's own transaction, so a rollback takes them with it. A feature
 * extends it in `<thing>.subscriber.ts` and only describes; collecting, numbering and delivery happen elsewhere.
 */
export abstract class RealtimeSubscriber<Entity extends ObjectLiteral>
  implements EntitySubscriberInterface<Entity>, OnModuleInit
{
  abstract readonly entity: new () => Entity;

  @Inject(EventCollector) private readonly collector: EventCollector;
  @Inject(WriteGuard) private readonly guard: WriteGuard;

  /** The events of one change; runs right after the write, `manager` belongs to its transaction. Null: nothing to tell. */
  abstract describe(change: Change<Entity>, manager: EntityManager): Drafts | Promise<Drafts>;

  onModuleInit(): void {
    this.guard.protect(this.entity, this);
  }

  listenTo(): new () => Entity {
    return this.entity;
  }

  beforeInsert(event: InsertEvent<Entity>): void {
    this.guard.announce(event);
  }

  beforeUpdate(event: UpdateEvent<Entity>): void {
    this.guard.refuseUnseenRow(event);
    this.guard.announce(event);
  }

  beforeRemove(event: RemoveEvent<Entity>): void {
    this.guard.refuseUnseenRow(event);
    this.guard.announce(event);
  }

  beforeSoftRemove(event: SoftRemoveEvent<Entity>): void {
    this.guard.refuseUnseenRow(event);
    this.guard.announce(event);
  }

  beforeRecover(event: RecoverEvent<Entity>): void {
    this.guard.refuseUnseenRow(event);
    this.guard.announce(event);
  }

  async afterInsert(event: InsertEvent<Entity>): Promise<void> {
    const entity = this.rowAfter(null, event.entity);
    await this.record(event, { action: 'created', entity, before: null, changed: [] });
  }

  async afterUpdate(event: UpdateEvent<Entity>): Promise<void> {
    const before = event.databaseEntity;
    const entity = this.rowAfter(before, event.entity);
    const changed = event.updatedColumns.map((column) => column.propertyName);
    // A save that found nothing different writes nothing, so it is no change.
    if (changed.length === 0 && event.updatedRelations.length === 0) return;
    const deleted = event.metadata.deleteDateColumn;
    if (deleted && changed.includes(deleted.propertyName)) {
      const action = deleted.getEntityValue(entity) ? 'deleted' : 'created';
      await this.record(event, { action, entity, before, changed: [] });
      return;
    }
    await this.record(event, { action: 'updated', entity, before, changed });
  }

  async afterRemove(event: RemoveEvent<Entity>): Promise<void> {
    await this.record(event, {
      action: 'deleted',
      entity: event.databaseEntity,
      before: event.databaseEntity,
      changed: [],
    });
  }

  async afterSoftRemove(event: SoftRemoveEvent<Entity>): Promise<void> {
    const entity = this.rowAfter(event.databaseEntity, event.entity);
    await this.record(event, { action: 'deleted', entity, before: event.databaseEntity, changed: [] });
  }

  async afterRecover(event: RecoverEvent<Entity>): Promise<void> {
    const entity = this.rowAfter(event.databaseEntity, event.entity);
    await this.record(event, { action: 'created', entity, before: null, changed: [] });
  }

  private async record(
    event: { manager: EntityManager; queryRunner: QueryRunner; metadata: EntityMetadata },
    change: Change<Entity>,
  ): Promise<void> {
    const { queryRunner, metadata } = event;
    const version = metadata.versionColumn?.getEntityValue(change.entity) as number | undefined;
    const before = describing.get(queryRunner);
    const described = (async () => {
      // One that failed has told so where it was waited for.
      await before?.catch(() => undefined);
      const drafts = await this.describe(change, event.manager);
      if (drafts)
        this.collector.collect(
          queryRunner,
          [drafts].flat().map((draft) => ({ version, ...draft })),
        );
    })();
    describing.set(queryRunner, described);
    await described;
  }

  /** A save may carry only some properties: the rest is as it was. A copy, so that later changes do not alter the fact. */
  private rowAfter(before: Entity | null, written: ObjectLiteral | undefined): Entity {
    const row = Object.assign(Object.create(this.entity.prototype as object) as Entity, before);
    for (const [key, value] of Object.entries(written ?? {})) {
      if (value !== undefined) (row as ObjectLiteral)[key] = value;
    }
    return row;
  }
}
