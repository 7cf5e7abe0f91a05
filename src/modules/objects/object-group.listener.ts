import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { WriteGuard } from '../../events/write-guard.js';
import { type GroupDeletionListener, OnGroupDeletion } from '../groups/index.js';
import { StoredObject } from './stored-object.entity.js';

/** Takes a group that is about to go out of the classes and objects that name it. Nobody is told of each. */
@Injectable()
@OnGroupDeletion()
export class ObjectGroupListener implements GroupDeletionListener {
  constructor(private readonly guard: WriteGuard) {}

  async beforeGroupDeletion(groupId: number, manager: EntityManager): Promise<void> {
    this.guard.permit(manager, StoredObject);
    await manager.query('UPDATE classes SET group_id = NULL WHERE group_id = $1', [groupId]);
    await manager.query('UPDATE objects SET group_id = NULL WHERE group_id = $1', [groupId]);
  }
}
