import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { type EntityManager, In, type Repository } from 'typeorm';
import type { Identity } from '../../auth/identity.js';
import { Clock } from '../../common/clock.js';
import { DomainError } from '../../common/domain-error.js';
import type { JsonObject } from '../../common/json.js';
import type { NamedStretch } from '../../common/paging.js';
import { Transactions } from '../../database/transactions.js';
import { violatesUnique } from '../../database/unique-violation.js';
import { accessChanged } from '../../events/access-changes.js';
import { EventLog } from '../../events/event-log.js';
import { WriteGuard } from '../../events/write-guard.js';
import { GroupsService } from '../groups/index.js';
import { type ClassLevel, classLevelOf } from './class-level.js';
import { readSchema, type SchemaField, targetNames } from './class-schema.js';
import { ClassAccess } from './classes.access.js';
import { ObjectCallers } from './object-callers.js';
import { ObjectClass } from './object-class.entity.js';
import { ObjectIndex } from './object-index.js';
import {
  classForbidden,
  classNameTaken,
  groupUnknown,
  revisionMismatch,
  schemaInvalid,
  systemClass,
} from './objects.errors.js';
import { objectStreams } from './objects.streams.js';
import { StoredObject } from './stored-object.entity.js';

/** The class that the profiles of the members belong to; every workspace has it. */
export const PROFILE_CLASS = 'user_profile';

export interface ClassChanges {
  description?: string;
  /** As it was sent: it is read here. */
  schema?: unknown;
  group?: number | null;
  group_permissions?: ClassLevel;
  other_permissions?: ClassLevel;
  metadata?: JsonObject;
  expected_revision?: number;
}

/** The rules about classes: who makes, sees, changes and deletes which. */
@Injectable()
export class ClassesService {
  constructor(
    @InjectRepository(ObjectClass) private readonly classes: Repository<ObjectClass>,
    private readonly access: ClassAccess,
    private readonly callers: ObjectCallers,
    private readonly groups: GroupsService,
    private readonly index: ObjectIndex,
    private readonly transactions: Transactions,
    private readonly guard: WriteGuard,
    private readonly log: EventLog,
    private readonly clock: Clock,
  ) {}

  async create(identity: Identity, name: string, wanted: ClassChanges): Promise<ObjectClass> {
    if (!identity.administrator) throw classForbidden();
    const { workspaceId } = identity;
    try {
      return await this.transactions.run(async (manager) => {
        await this.holdGroup(manager, workspaceId, wanted.group ?? null);
        const now = this.clock.now();
        const created = {
          workspaceId,
          name,
          description: wanted.description ?? '',
          schema: await this.read(manager, workspaceId, wanted.schema ?? []),
          revision: 1,
          groupId: wanted.group ?? null,
          groupPermissions: wanted.group_permissions ?? 'none',
          otherPermissions: wanted.other_permissions ?? 'create_objects',
          metadata: wanted.metadata ?? {},
          createdAt: now,
          updatedAt: now,
        } satisfies Omit<ObjectClass, 'id'>;
        return manager.save(manager.create(ObjectClass, created));
      });
    } catch (error) {
      throw violatesUnique(error, 'classes_name') ? classNameTaken() : error;
    }
  }

  async get(identity: Identity, name: string): Promise<ObjectClass> {
    return (await this.access.require(identity, 'read', name)).of;
  }

  /** Those that the caller may read; up to one more than the limit. */
  async list(identity: Identity, stretch: NamedStretch): Promise<ObjectClass[]> {
    const { limit, after = 0, before = Infinity, newestFirst = false, nameStart = '' } = stretch;
    const caller = await this.callers.of(identity);
    // A workspace has a handful of classes, so they are judged here and not by a twin of the rule in SQL.
    const all = await this.classes.find({ where: { workspaceId: identity.workspaceId }, order: { id: 'ASC' } });
    const wanted = all.filter(({ id, name }) => id > after && id < before && name.startsWith(nameStart));
    const readable = wanted.filter((of) => classLevelOf(caller, of) !== 'none');
    return (newestFirst ? readable.reverse() : readable).slice(0, limit + 1);
  }

  /** How many objects each of these classes has. */
  async sizes(classIds: number[]): Promise<Map<number, number>> {
    const rows = await this.classes.manager.query<{ class_id: string; size: string }[]>(
      'SELECT class_id, count(*) AS size FROM objects WHERE class_id = ANY($1::bigint[]) GROUP BY class_id',
      [classIds],
    );
    return new Map(rows.map((row) => [Number(row.class_id), Number(row.size)]));
  }

  /** What is not named stays as it is. */
  async change(identity: Identity, name: string, wanted: ClassChanges): Promise<ObjectClass> {
    const { workspaceId } = identity;
    return this.transactions.run(async (manager) => {
      await this.holdGroup(manager, workspaceId, wanted.group ?? null);
      const { of } = await this.access.require(identity, 'update', name, { manager, hold: 'alone' });
      const { expected_revision: expected } = wanted;
      if (expected !== undefined && expected !== of.revision) throw revisionMismatch(expected, of.revision);
      if (wanted.schema !== undefined) await this.changeSchema(manager, of, wanted.schema);
      this.askAgain(manager, of);
      return manager.save(
        Object.assign(of, {
          description: wanted.description ?? of.description,
          groupId: wanted.group === undefined ? of.groupId : wanted.group,
          groupPermissions: wanted.group_permissions ?? of.groupPermissions,
          otherPermissions: wanted.other_permissions ?? of.otherPermissions,
          metadata: wanted.metadata ?? of.metadata,
          updatedAt: this.clock.now(),
        }),
      );
    });
  }

  /** Its objects go with it, and nobody is told of each. */
  async delete(identity: Identity, name: string): Promise<void> {
    await this.transactions.run(async (manager) => {
      const { of } = await this.access.require(identity, 'delete', name, { manager, hold: 'alone' });
      if (of.name === PROFILE_CLASS) throw systemClass();
      this.guard.permit(manager, StoredObject);
      await manager.query('DELETE FROM objects WHERE class_id = $1', [of.id]);
      this.askAgain(manager, of);
      await manager.remove(of);
    });
  }

  /** Those who are in the room of the class may not be allowed any more. */
  private askAgain(manager: EntityManager, { id }: ObjectClass): void {
    this.log.append(manager, [accessChanged({ streams: [objectStreams.class(id)] })]);
  }

  private async changeSchema(manager: EntityManager, of: ObjectClass, sent: unknown): Promise<void> {
    const schema = await this.read(manager, of.workspaceId, sent);
    if (JSON.stringify(schema) === JSON.stringify(of.schema)) return;
    Object.assign(of, { schema, revision: of.revision + 1 });
    await this.index.rebuild(manager, of);
  }

  private async read(manager: EntityManager, workspaceId: number, sent: unknown): Promise<SchemaField[]> {
    const wanted = targetNames(sent).filter((target) => /^\w{1,64}$/.test(target));
    const known = wanted.length === 0 ? [] : await manager.findBy(ObjectClass, { workspaceId, name: In(wanted) });
    const names = new Set(known.map(({ name }) => name));
    const read = readSchema(sent, (name) => names.has(name));
    if ('fault' in read) throw schemaInvalid(read.fault);
    return read.schema;
  }

  private async holdGroup(manager: EntityManager, workspaceId: number, groupId: number | null): Promise<void> {
    if (groupId === null) return;
    try {
      await this.groups.hold(workspaceId, groupId, manager);
    } catch (error) {
      throw error instanceof DomainError && error.kind === 'not_found' ? groupUnknown() : error;
    }
  }
}
