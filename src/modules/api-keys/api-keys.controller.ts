import { Body, Controller, Delete, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiCreatedResponse, ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { AdministratorOnly, CurrentIdentity } from '../../auth/auth.decorators.js';
import type { Identity } from '../../auth/identity.js';
import { SecretAnswer } from '../../common/http/secret-answer.js';
import { Throws } from '../../common/http/throws.js';
import { idParams } from '../../common/ids.js';
import { type IdPage, idPageQuery, toPage } from '../../common/paging.js';
import { apiKeyPageSchema, newApiKeySchema, toApiKeyView } from './api-key.view.js';
import { keyNotFound } from './api-keys.errors.js';
import { type CreateApiKey, createApiKeySchema } from './api-keys.schemas.js';
import { ApiKeysService } from './api-keys.service.js';

const listQuery = z.strictObject(idPageQuery);

/** REST for the keys of programs; administrators only. */
@ApiTags('api-keys')
@AdministratorOnly()
@Controller('api/api-keys')
export class ApiKeysController {
  constructor(private readonly apiKeys: ApiKeysService) {}

  @Get()
  @ApiOkResponse({ standardSchema: apiKeyPageSchema })
  async list(@CurrentIdentity() { workspaceId }: Identity, @Query({ schema: listQuery }) page: IdPage) {
    return toPage(await this.apiKeys.list(workspaceId, page), page.limit, toApiKeyView);
  }

  @Post()
  @SecretAnswer()
  @ApiCreatedResponse({ standardSchema: newApiKeySchema })
  async create(@CurrentIdentity() { workspaceId }: Identity, @Body({ schema: createApiKeySchema }) body: CreateApiKey) {
    const { apiKey, key } = await this.apiKeys.create(workspaceId, body);
    return { ...toApiKeyView(apiKey), api_key: key };
  }

  @Delete(':id')
  @Throws(keyNotFound)
  @HttpCode(204)
  remove(@CurrentIdentity() { workspaceId }: Identity, @Param({ schema: idParams }) { id }: z.infer<typeof idParams>) {
    return this.apiKeys.remove(workspaceId, id);
  }
}
