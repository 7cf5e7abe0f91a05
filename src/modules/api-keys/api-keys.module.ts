import { Global, Module } from '@nestjs/common';
import { ApiKeyDirectory } from '../../auth/identity-directory.js';
import { DatabaseModule } from '../../database/database.module.js';
import { ApiKeyAccess } from './api-keys.access.js';
import { ApiKeyWorkspaces } from './api-key.workspaces.js';
import { ApiKey } from './api-key.entity.js';
import { ApiKeysController } from './api-keys.controller.js';
import { CreateApiKeys1763700140000 } from './api-keys.migration.js';
import { ApiKeysService } from './api-keys.service.js';
import { AddKeySalt1763700600000 } from './key-salt.migration.js';

/** Credentials of programs. Global, because the guards look keys up here. */
@Global()
@Module({
  imports: [
    DatabaseModule.forFeature({
      entities: [ApiKey],
      migrations: [CreateApiKeys1763700140000, AddKeySalt1763700600000],
    }),
  ],
  controllers: [ApiKeysController],
  providers: [
    ApiKeyAccess,
    ApiKeysService,
    ApiKeyWorkspaces,
    { provide: ApiKeyDirectory, useExisting: ApiKeysService },
  ],
  exports: [ApiKeysService, ApiKeyDirectory],
})
export class ApiKeysModule {}
