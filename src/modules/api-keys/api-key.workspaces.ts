import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { OnWorkspace, type WorkspaceListener } from '../workspaces/index.js';
import { ApiKeysService } from './api-keys.service.js';

/** The keys of a workspace end with it. */
@Injectable()
@OnWorkspace()
export class ApiKeyWorkspaces implements WorkspaceListener {
  constructor(private readonly apiKeys: ApiKeysService) {}

  workspaceRemoved(workspaceId: number, manager: EntityManager): Promise<void> {
    return this.apiKeys.removeAll(workspaceId, manager);
  }
}
