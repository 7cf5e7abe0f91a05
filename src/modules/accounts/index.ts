export { Account } from './account.entity.js';
export { AccountsModule } from './accounts.module.js';
export { type AccountDetails, AccountsService, type OwnAccount } from './accounts.service.js';
export { WorkspaceAdministration } from './workspace-administration.js';
