import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { accessChanged } from '../../events/access-changes.js';
import { EventLog } from '../../events/event-log.js';
import { OnWorkspace, type WorkspaceListener } from '../workspaces/index.js';
import { Member } from './member.entity.js';

/** Whoever is in a workspace that goes is sent out (see MembersDirectory). */
@Injectable()
@OnWorkspace()
export class MemberWorkspaces implements WorkspaceListener {
  constructor(private readonly log: EventLog) {}

  async workspaceRemoved(workspaceId: number, manager: EntityManager): Promise<void> {
    const members = await manager.find(Member, { select: { id: true }, where: { workspaceId } });
    if (members.length === 0) return;
    this.log.append(manager, [accessChanged({ members: members.map(({ id }) => id), ended: true })]);
  }
}
