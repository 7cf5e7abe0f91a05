import { Global, Module } from '@nestjs/common';
import { ApiKeyDirectory } from '../../auth/identity-directory.js';
import { DatabaseModule } from '../../database/database.module.js';
import { ApiKey } from './api-key.entity.js';
import { ApiKeysController } from './api-keys.controller.js';
import { CreateApiKeys1763700140000 } from './api-keys.migration.js';
import { ApiKeysService } from './api-keys.service.js';

/** Credentials of programs. Global, because the guards look keys up here. */
@Global()
@Module({
  imports: [DatabaseModule.forFeature({ entities: [ApiKey], migrations: [CreateApiKeys1763700140000] })],
  controllers: [ApiKeysController],
  providers: [ApiKeysService, { provide: ApiKeyDirectory, useExisting: ApiKeysService }],
  exports: [ApiKeysService, ApiKeyDirectory],
})
export class ApiKeysModule {}
