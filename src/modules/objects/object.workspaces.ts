import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { Clock } from '../../common/clock.js';
import { OnWorkspace, type WorkspaceListener } from '../workspaces/index.js';
import { PROFILE_CLASS } from './classes.service.js';
import { ObjectClass } from './object-class.entity.js';

/** Gives a new workspace the class that every one has. */
@Injectable()
@OnWorkspace()
export class ObjectWorkspaces implements WorkspaceListener {
  constructor(private readonly clock: Clock) {}

  async workspaceCreated(workspaceId: number, manager: EntityManager): Promise<void> {
    const now = this.clock.now();
    const profiles = {
      ...{ workspaceId, name: PROFILE_CLASS, description: '', schema: [], revision: 1, groupId: null, metadata: {} },
      ...{ groupPermissions: 'none', otherPermissions: 'create_objects', createdAt: now, updatedAt: now },
    } satisfies Omit<ObjectClass, 'id'>;
    await manager.save(manager.create(ObjectClass, profiles));
  }
}
