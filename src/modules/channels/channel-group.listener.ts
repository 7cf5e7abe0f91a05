import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { Clock } from '../../common/clock.js';
import { type GroupDeletionListener, OnGroupDeletion } from '../groups/index.js';
import { holdChannel } from './channel-hold.js';
import { Channel } from './channel.entity.js';

/** Takes a group that is about to go out of the channels that name it: they stay, and their change is told like any other. */
@Injectable()
@OnGroupDeletion()
export class ChannelGroupListener implements GroupDeletionListener {
  constructor(private readonly clock: Clock) {}

  async beforeGroupDeletion(groupId: number, manager: EntityManager): Promise<void> {
    const naming = await manager.find(Channel, { where: { groupId }, order: { id: 'ASC' } });
    for (const { workspaceId, name } of naming) {
      const channel = await holdChannel(manager, workspaceId, name, 'alone');
      if (channel?.groupId !== groupId) continue;
      await manager.save(Object.assign(channel, { groupId: null, updatedAt: this.clock.now() }));
    }
  }
}
