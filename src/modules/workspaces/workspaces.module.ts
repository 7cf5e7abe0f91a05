import { Module } from '@nestjs/common';
import { DatabaseModule } from '../../database/database.module.js';
import { Workspace } from './workspace.entity.js';
import { CreateWorkspaces1763700100000 } from './workspaces.migration.js';
import { WorkspacesService } from './workspaces.service.js';

/** The tenants. */
@Module({
  imports: [DatabaseModule.forFeature({ entities: [Workspace], migrations: [CreateWorkspaces1763700100000] })],
  providers: [WorkspacesService],
  exports: [WorkspacesService],
})
export class WorkspacesModule {}
