import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { Clock } from '../../common/clock.js';
import { OnWorkspace, type WorkspaceListener } from '../workspaces/index.js';
import { createSystemChannels } from './system-channels.js';

/** Gives a new workspace the channels that every one has. */
@Injectable()
@OnWorkspace()
export class ChannelWorkspaces implements WorkspaceListener {
  constructor(private readonly clock: Clock) {}

  workspaceCreated(workspaceId: number, manager: EntityManager): Promise<void> {
    return createSystemChannels(manager, workspaceId, this.clock.now());
  }
}
