import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { Any, type EntityManager, In, type Repository } from 'typeorm';
import type { IdStretch } from '../../common/paging.js';
import { SharedLookup } from '../../database/shared-lookup.js';
import { Transactions } from '../../database/transactions.js';
import { MembersService } from '../members/index.js';
import { GroupMember } from './group-member.entity.js';
import { alreadyInGroup, notInGroup, tooManyGroups } from './groups.errors.js';
import { lockGroup } from './groups.service.js';

/** Groups that one member may join by themselves, one after the other. */
const MAX_GROUPS = 32;

/** Who is in which group. */
@Injectable()
export class GroupMemberships {
  private readonly groups: SharedLookup<number, number[]>;

  constructor(
    @InjectRepository(GroupMember) private readonly memberships: Repository<GroupMember>,
    private readonly members: MembersService,
    private readonly transactions: Transactions,
  ) {
    this.groups = new SharedLookup(transactions, (memberIds) => this.groupIdsOfAll(memberIds));
  }

  /** The groups that a member is in. Inside a transaction its manager is needed. */
  async groupIdsOf(memberId: number, manager?: EntityManager): Promise<number[]> {
    if (!manager) return this.groups.find(memberId);
    const found = await manager.findBy(GroupMember, { memberId });
    return found.map((membership) => membership.groupId);
  }

  private async groupIdsOfAll(memberIds: number[]): Promise<number[][]> {
    const found = await this.memberships.findBy({ memberId: Any(memberIds) });
    const groupIds = new Map(memberIds.map((id) => [id, [] as number[]]));
    for (const { memberId, groupId } of found) groupIds.get(memberId)!.push(groupId);
    return memberIds.map((id) => groupIds.get(id)!);
  }

  /** Those who are in already stay in, silently. */
  async add(workspaceId: number, groupId: number, memberIds: number[]): Promise<void> {
    await this.transactions.run(async (manager) => {
      await lockGroup(manager, workspaceId, groupId);
      await this.members.requireActive(workspaceId, memberIds, manager);
      const present = await manager.findBy(GroupMember, { groupId, memberId: In(memberIds) });
      const presentIds = new Set(present.map((membership) => membership.memberId));
      const wanted = memberIds.filter((memberId) => !presentIds.has(memberId));
      await manager.save(wanted.map((memberId) => manager.create(GroupMember, { groupId, memberId })));
    });
  }

  /** One member, who must not be in it yet. */
  async join(workspaceId: number, groupId: number, memberId: number): Promise<void> {
    await this.transactions.run(async (manager) => {
      await lockGroup(manager, workspaceId, groupId);
      // The member too: of two groups that are joined at once only one may be the last.
      await this.members.hold([memberId], manager);
      await this.members.requireActive(workspaceId, [memberId], manager);
      const groupIds = await this.groupIdsOf(memberId, manager);
      if (groupIds.includes(groupId)) throw alreadyInGroup();
      if (groupIds.length >= MAX_GROUPS) throw tooManyGroups();
      await manager.save(manager.create(GroupMember, { groupId, memberId }));
    });
  }

  has(groupId: number, memberId: number): Promise<boolean> {
    return this.memberships.existsBy({ groupId, memberId });
  }

  async remove(workspaceId: number, groupId: number, memberId: number): Promise<void> {
    await this.transactions.run(async (manager) => {
      await lockGroup(manager, workspaceId, groupId);
      const membership = await manager.findOneBy(GroupMember, { groupId, memberId });
      if (!membership) throw notInGroup();
      await manager.remove(membership);
    });
  }

  /** Up to one more than the limit, by member; members who have been removed since are left out. */
  list(groupId: number, { limit, after = 0, before, newestFirst = false }: IdStretch): Promise<GroupMember[]> {
    return this.memberships
      .createQueryBuilder('membership')
      .where('membership.groupId = :groupId AND membership.memberId > :after', { groupId, after })
      .andWhere('(:before::bigint IS NULL OR membership.memberId < :before)', { before: before ?? null })
      .andWhere('EXISTS (SELECT 1 FROM members WHERE id = membership.memberId AND deleted_at IS NULL)')
      .orderBy('membership.memberId', newestFirst ? 'DESC' : 'ASC')
      .take(limit + 1)
      .getMany();
  }
}
