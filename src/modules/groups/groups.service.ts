import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { type EntityManager, In, type Repository } from 'typeorm';
import type { IdStretch } from '../../common/paging.js';
import { idsIn, stretched } from '../../database/id-stretch.js';
import { Transactions } from '../../database/transactions.js';
import { violatesUnique } from '../../database/unique-violation.js';
import { GroupDeletion } from './group-deletion.js';
import { GroupMember } from './group-member.entity.js';
import { Group } from './group.entity.js';
import { groupNameTaken, groupNotFound } from './groups.errors.js';
import type { CreateGroup, UpdateGroup } from './groups.schemas.js';

/** Makes, finds, changes and removes groups. */
@Injectable()
export class GroupsService {
  constructor(
    @InjectRepository(Group) private readonly groups: Repository<Group>,
    private readonly transactions: Transactions,
    private readonly deletion: GroupDeletion,
  ) {}

  async get(workspaceId: number, id: number): Promise<Group> {
    const group = await this.groups.findOneBy({ workspaceId, id });
    if (!group) throw groupNotFound();
    return group;
  }

  /** Up to one more than the limit. */
  list(workspaceId: number, stretch: IdStretch): Promise<Group[]> {
    return this.groups.find({ where: { workspaceId, id: idsIn(stretch) }, ...stretched(stretch) });
  }

  /** In the order of their ids. */
  withIds(workspaceId: number, ids: number[]): Promise<Group[]> {
    return this.groups.find({ where: { workspaceId, id: In(ids) }, order: { id: 'ASC' } });
  }

  create(workspaceId: number, wanted: CreateGroup): Promise<Group> {
    return this.named((manager) => manager.save(manager.create(Group, { ...wanted, workspaceId })));
  }

  update(workspaceId: number, id: number, changes: UpdateGroup): Promise<Group> {
    return this.named(async (manager) => {
      const group = await lockGroup(manager, workspaceId, id);
      return manager.save(Object.assign(group, changes));
    });
  }

  /** Ends every membership by itself, so that each member hears of it. */
  async remove(workspaceId: number, id: number): Promise<void> {
    await this.transactions.run(async (manager) => {
      const group = await lockGroup(manager, workspaceId, id);
      await this.deletion.announce(id, manager);
      await manager.remove(await manager.findBy(GroupMember, { groupId: id }));
      await manager.remove(group);
    });
  }

  /** Throws `group.not_found` unless the group exists, and keeps it from going until the transaction ends. */
  async hold(workspaceId: number, id: number, manager: EntityManager): Promise<void> {
    await lockGroup(manager, workspaceId, id, 'for_key_share');
  }

  private async named(write: (manager: EntityManager) => Promise<Group>): Promise<Group> {
    try {
      return await this.transactions.run(write);
    } catch (error) {
      throw violatesUnique(error, 'groups_name') ? groupNameTaken() : error;
    }
  }
}

/** The group, locked: changes of it and of its memberships happen one after the other, and none after its end. */
export async function lockGroup(
  manager: EntityManager,
  workspaceId: number,
  id: number,
  mode: 'pessimistic_write' | 'for_key_share' = 'pessimistic_write',
): Promise<Group> {
  const group = await manager.findOne(Group, { where: { workspaceId, id }, lock: { mode } });
  if (!group) throw groupNotFound();
  return group;
}
