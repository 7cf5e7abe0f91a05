import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { AccessPolicy } from '../../access/access-policy.js';
import type { Identity, MemberIdentity } from '../../auth/identity.js';
import { Clock } from '../../common/clock.js';
import { DomainError } from '../../common/domain-error.js';
import { Transactions } from '../../database/transactions.js';
import { violatesUnique } from '../../database/unique-violation.js';
import { GroupsService } from '../groups/index.js';
import { Channel } from './channel.entity.js';
import { ChannelAccess, type ChannelsThing } from './channels.access.js';
import { groupUnknown, nameTaken, systemChannel } from './channels.errors.js';
import type { ChangeChannel, CreateChannel } from './channels.schemas.js';
import { isSystemChannel } from './system-channels.js';

/** The rules about channels themselves: who makes, sees, changes and deletes which. */
@Injectable()
export class ChannelsService {
  constructor(
    private readonly transactions: Transactions,
    private readonly policy: AccessPolicy,
    private readonly access: ChannelAccess,
    private readonly groups: GroupsService,
    private readonly clock: Clock,
  ) {}

  async create(identity: Identity, wanted: CreateChannel): Promise<Channel> {
    const thing: ChannelsThing = { kind: 'channels', workspaceId: identity.workspaceId };
    await this.policy.require(identity, 'create', thing);
    return this.insert(identity, wanted, null);
  }

  /** A member's own channel, in which everybody may listen and speak. The name may be of the wider kind. */
  async createOwn(member: MemberIdentity, name: string): Promise<Channel> {
    const thing: ChannelsThing = { kind: 'channels', workspaceId: member.workspaceId };
    await this.policy.require(member, 'create_own', thing);
    const open = { other_permissions: 'publish', custom_publish: true } as const;
    const wanted = { name, type: 'default', description: '', group: null, group_permissions: 'none', ...open } as const;
    return this.insert(member, wanted, member.memberId);
  }

  private async insert(
    { workspaceId }: Identity,
    wanted: CreateChannel,
    ownerMemberId: number | null,
  ): Promise<Channel> {
    const now = this.clock.now();
    const channel = Object.assign(new Channel(), {
      workspaceId,
      name: wanted.name,
      type: wanted.type,
      description: wanted.description,
      groupId: wanted.group,
      groupPermissions: wanted.group_permissions,
      otherPermissions: wanted.other_permissions,
      customPublish: wanted.custom_publish,
      ownerMemberId,
      createdAt: now,
      updatedAt: now,
    } satisfies Omit<Channel, 'id' | 'version'>);
    try {
      return await this.transactions.run(async (manager) => {
        await this.holdGroup(manager, workspaceId, wanted.group);
        return manager.save(channel);
      });
    } catch (error) {
      throw violatesUnique(error, 'channels_name') ? nameTaken() : error;
    }
  }

  async get(identity: Identity, name: string): Promise<Channel> {
    return (await this.access.require(identity, 'read', name)).channel;
  }

  /** What is not named stays as it is. A change that changes nothing is no event. */
  async change(identity: Identity, name: string, wanted: ChangeChannel): Promise<Channel> {
    return this.transactions.run(async (manager) => {
      // Before the channel, as when a group goes: two that wait for each other would never end.
      await this.holdGroup(manager, identity.workspaceId, wanted.group ?? null);
      const { channel } = await this.access.require(identity, 'update', name, { manager, hold: 'alone' });
      const changes: Partial<Channel> = {
        description: wanted.description ?? channel.description,
        groupId: wanted.group === undefined ? channel.groupId : wanted.group,
        groupPermissions: wanted.group_permissions ?? channel.groupPermissions,
        otherPermissions: wanted.other_permissions ?? channel.otherPermissions,
        customPublish: wanted.custom_publish ?? channel.customPublish,
      };
      const same = Object.entries(changes).every(([key, value]) => channel[key as keyof Channel] === value);
      return same ? channel : manager.save(Object.assign(channel, changes, { updatedAt: this.clock.now() }));
    });
  }

  /** Its messages go with its name: a later channel of that name is another one. */
  async delete(identity: Identity, name: string): Promise<void> {
    await this.transactions.run(async (manager) => {
      const { channel } = await this.access.require(identity, 'delete', name, { manager, hold: 'alone' });
      if (isSystemChannel(channel)) throw systemChannel();
      await manager.remove(channel);
    });
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
