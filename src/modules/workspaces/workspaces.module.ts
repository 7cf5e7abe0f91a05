import { Module } from '@nestjs/common';
import { DiscoveryModule } from '@nestjs/core';
import { DatabaseModule } from '../../database/database.module.js';
import { AddMemberChannels1763700758000 } from './member-channels.migration.js';
import { AddWorkspaceConfig1763700751000 } from './workspace-config.migration.js';
import { AddWorkspaceDetails1763700601000 } from './workspace-details.migration.js';
import { WorkspaceController } from './workspace.controller.js';
import { WorkspaceLifecycle } from './workspace-lifecycle.js';
import { Workspace } from './workspace.entity.js';
import { WorkspaceAccess } from './workspaces.access.js';
import { CreateWorkspaces1763700100000 } from './workspaces.migration.js';
import { WorkspacesService } from './workspaces.service.js';

/** The tenants. */
@Module({
  imports: [
    DatabaseModule.forFeature({
      entities: [Workspace],
      migrations: [
        CreateWorkspaces1763700100000,
        AddWorkspaceDetails1763700601000,
        AddWorkspaceConfig1763700751000,
        AddMemberChannels1763700758000,
      ],
    }),
    DiscoveryModule,
  ],
  controllers: [WorkspaceController],
  providers: [WorkspaceAccess, WorkspaceLifecycle, WorkspacesService],
  exports: [WorkspacesService],
})
export class WorkspacesModule {}
