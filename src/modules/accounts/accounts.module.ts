import { Module } from '@nestjs/common';
import { DatabaseModule } from '../../database/database.module.js';
import { MembersModule } from '../members/index.js';
import { Account } from './account.entity.js';
import { CreateAccounts1763700110000 } from './accounts.migration.js';
import { AdministratorSeed } from './administrator.seed.js';
import { WorkspaceRole } from './workspace-role.entity.js';

/** The people who administer workspaces. */
@Module({
  imports: [
    DatabaseModule.forFeature({ entities: [Account, WorkspaceRole], migrations: [CreateAccounts1763700110000] }),
    MembersModule,
  ],
  providers: [AdministratorSeed],
})
export class AccountsModule {}
