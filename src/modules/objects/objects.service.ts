import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { Identity } from '../../auth/identity.js';
import { Clock } from '../../common/clock.js';
import { DomainError } from '../../common/domain-error.js';
import type { JsonObject } from '../../common/json.js';
import { Transactions } from '../../database/transactions.js';
import { EventLog } from '../../events/event-log.js';
import { GroupsService } from '../groups/index.js';
import { MembersService } from '../members/index.js';
import type { ObjectCaller } from './class-level.js';
import { ClassAccess } from './classes.access.js';
import { ObjectChannels } from './object-channels.js';
import type { ObjectClass } from './object-class.entity.js';
import { type ObjectInput, valuesAfter } from './object-input.js';
import { atMost, objectLevelOf, type ObjectPermissions, reachesObject } from './object-level.js';
import { messageAbout } from './object.subscriber.js';
import { ObjectWriter } from './object-writer.js';
import { groupUnknown, objectForbidden, objectInvalid, objectNotFound, revisionMismatch } from './objects.errors.js';
import { StoredObject } from './stored-object.entity.js';

/** An object with the class that says how to show it. */
export interface ObjectOfClass {
  object: StoredObject;
  of: ObjectClass;
}

const NEW: ObjectPermissions = {
  ownerId: null,
  ownerPermissions: 'full',
  groupId: null,
  groupPermissions: 'none',
  otherPermissions: 'none',
};

/** The rules about objects: who makes, changes and deletes which. */
@Injectable()
export class ObjectsService {
  constructor(
    private readonly transactions: Transactions,
    private readonly classes: ClassAccess,
    private readonly channels: ObjectChannels,
    private readonly writer: ObjectWriter,
    private readonly groups: GroupsService,
    private readonly members: MembersService,
    private readonly log: EventLog,
    private readonly clock: Clock,
  ) {}

  async create(identity: Identity, className: string, input: ObjectInput): Promise<ObjectOfClass> {
    const { workspaceId } = identity;
    return this.transactions.run(async (manager) => {
      await this.holdGroup(manager, workspaceId, input.group);
      const reading = { manager, hold: 'objects' } as const;
      const { of, caller } = await this.classes.require(identity, 'create_objects', className, reading);
      const told = await this.channels.choose(identity, input, manager);
      const data = valuesAfter(input, {}, of);
      const now = this.clock.now();
      const permissions = await this.permissionsAfter(manager, identity, caller, input, NEW);
      const object = Object.assign(new StoredObject(), {
        ...{ workspaceId, classId: of.id, revision: 1, data, profileOf: null, createdAt: now, updatedAt: now },
        ...permissions,
        ...told,
      } satisfies Omit<StoredObject, 'id' | 'version'>);
      return { object: await this.writer.insert(manager, object, of), of };
    });
  }

  async get(identity: Identity, className: string, id: number): Promise<ObjectOfClass> {
    const { of, caller } = await this.classes.require(identity, 'read', className);
    return { object: await this.transactions.snapshot((manager) => readable(manager, of, caller, id)), of };
  }

  /** `whole`: permissions that are not named fall back to what new objects have. */
  async change(
    identity: Identity,
    className: string,
    id: number,
    input: ObjectInput,
    whole = false,
  ): Promise<ObjectOfClass> {
    return this.transactions.run(async (manager) => {
      await this.holdGroup(manager, identity.workspaceId, input.group);
      const { object, of, caller, level } = await this.hold(manager, identity, className, id);
      if (!reachesObject(level, 'write')) throw objectForbidden();
      const { expected_revision: expected } = input;
      if (expected !== undefined && expected !== object.revision) throw revisionMismatch(expected, object.revision);
      const base = whole ? { ...NEW, ownerId: object.ownerId, groupId: object.groupId } : object;
      const permissions = await this.permissionsAfter(manager, identity, caller, input, object, base);
      const data = valuesAfter(input, object.data, of);
      const changed = await this.writer.update(manager, object, of, { ...permissions, data });
      // Whoever sent it may wait for its message.
      if (!changed) await this.tell(manager, object, of, { id });
      return { object, of };
    });
  }

  async delete(identity: Identity, className: string, id: number): Promise<void> {
    await this.transactions.run(async (manager) => {
      const { object, level } = await this.hold(manager, identity, className, id);
      if (!reachesObject(level, 'full')) throw objectForbidden();
      await manager.remove(object);
    });
  }

  private async tell(manager: EntityManager, object: StoredObject, of: ObjectClass, payload: JsonObject) {
    const draft = object.channelId === null ? null : await messageAbout(object, of, 'update', payload, manager);
    if (draft) this.log.append(manager, [draft]);
  }

  /** The object, locked, with its class and channel held as they are. */
  private async hold(manager: EntityManager, identity: Identity, className: string, id: number) {
    const reading = { manager, hold: 'objects' } as const;
    const { of, caller } = await this.classes.require(identity, 'read', className, reading);
    const { channelId } = await readable(manager, of, caller, id);
    await this.channels.hold(identity, channelId, manager);
    const object = await readable(manager, of, caller, id, 'pessimistic_write');
    return { of, caller, object, level: objectLevelOf(caller, object) };
  }

  /** What the permissions are after the input; nobody gives away more than they have. `base` is what stays otherwise. */
  private async permissionsAfter(
    manager: EntityManager,
    identity: Identity,
    caller: ObjectCaller,
    input: ObjectInput,
    before: ObjectPermissions,
    base: ObjectPermissions = before,
  ): Promise<ObjectPermissions> {
    const isNew = before === NEW;
    const free = caller.power === 'all';
    const own = isNew || free ? 'full' : objectLevelOf(caller, before);
    const clip = (wanted: ObjectInput['owner_permissions'], stays: ObjectPermissions['ownerPermissions']) =>
      wanted === undefined ? stays : atMost(wanted, own);
    return {
      ownerId: await this.ownerAfter(manager, identity, free, input.owner, before),
      ownerPermissions: clip(input.owner_permissions, base.ownerPermissions),
      groupId: groupAfter(caller, input.group, base.groupId),
      groupPermissions: clip(input.group_permissions, base.groupPermissions),
      otherPermissions: clip(input.other_permissions, base.otherPermissions),
    };
  }

  /** A member owns what they make; only those who are spared the checks say otherwise. */
  private async ownerAfter(
    manager: EntityManager,
    { workspaceId, memberId }: Identity,
    free: boolean,
    wanted: number | null | undefined,
    before: ObjectPermissions,
  ): Promise<number | null> {
    if (before === NEW && memberId !== null) return memberId;
    if (!free || wanted === undefined || wanted === before.ownerId) return before.ownerId;
    if (wanted === null) return null;
    try {
      await this.members.requireActive(workspaceId, [wanted], manager);
      return wanted;
    } catch (error) {
      if (!(error instanceof DomainError)) throw error;
      throw objectInvalid({ owner: [`Invalid pk "${wanted}" - object does not exist.`] });
    }
  }

  private async holdGroup(manager: EntityManager, workspaceId: number, groupId: number | null | undefined) {
    if (groupId === null || groupId === undefined) return;
    try {
      await this.groups.hold(workspaceId, groupId, manager);
    } catch (error) {
      throw error instanceof DomainError && error.kind === 'not_found' ? groupUnknown() : error;
    }
  }
}

function groupAfter(caller: ObjectCaller, wanted: number | null | undefined, stays: number | null): number | null {
  if (wanted === undefined || wanted === stays) return stays;
  const may = wanted === null || caller.power === 'all' || caller.groupIds.has(wanted);
  if (!may) throw objectInvalid({ group: ['Invalid group specified.'] });
  return wanted;
}

/** Missing and invisible objects give the same error. */
async function readable(
  manager: EntityManager,
  of: ObjectClass,
  caller: ObjectCaller,
  id: number,
  mode?: 'pessimistic_write',
): Promise<StoredObject> {
  const lock = mode === undefined ? undefined : { mode };
  const object = await manager.findOne(StoredObject, { where: { classId: of.id, id }, lock });
  if (!object || objectLevelOf(caller, object) === 'none') throw objectNotFound();
  return object;
}
