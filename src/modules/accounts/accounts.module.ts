import { Module } from '@nestjs/common';
import { DatabaseModule } from '../../database/database.module.js';
import { MembersModule } from '../members/index.js';
import { WorkspacesModule } from '../workspaces/index.js';
import { AddAccountDetails1763700602000 } from './account-details.migration.js';
import { Account } from './account.entity.js';
import { CreateAccounts1763700110000 } from './accounts.migration.js';
import { AccountsService } from './accounts.service.js';
import { AdministratorSeed } from './administrator.seed.js';
import { WorkspaceAdministration } from './workspace-administration.js';
import { WorkspaceRole } from './workspace-role.entity.js';

/** The people who administer workspaces. */
@Module({
  imports: [
    DatabaseModule.forFeature({
      entities: [Account, WorkspaceRole],
      migrations: [CreateAccounts1763700110000, AddAccountDetails1763700602000],
    }),
    MembersModule,
    WorkspacesModule,
  ],
  providers: [AccountsService, AdministratorSeed, WorkspaceAdministration],
  exports: [AccountsService, WorkspaceAdministration],
})
export class AccountsModule {}
