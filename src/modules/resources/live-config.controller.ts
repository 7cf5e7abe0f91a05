import { Body, Controller, Delete, Get, HttpCode, Param, Patch, Put, Query, Res } from '@nestjs/common';
import { ApiOkResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { LiveConfigSchemas } from './live-config-schemas.service.js';
import { liveConfigAddress, type ResourceAddress } from './resource-address.js';
import { Call, type ResourceCall } from './resource-call.js';
import { ResourceRequests } from './resource-requests.js';
import { resourceSchema } from './resource.view.js';
import {
  type LiveConfigParams,
  liveConfigParams,
  namePageSchema,
  resourceReplySchema,
  type SettingsSchemaBody,
  settingsSchemaBody,
  type SharedListQuery,
  sharedListQuery,
  type SharedReadQuery,
  sharedReadQuery,
  type WriteResource,
  writeSchema,
} from './resources.schemas.js';

/** Any name: the list is that of all beside it. */
const ANY = { name: '*' };

/** REST for the settings of a project, and for the schemas that they have to fit. */
@ApiTags('resources')
@Controller('api/resources/live-config')
export class LiveConfigController {
  constructor(
    private readonly requests: ResourceRequests,
    private readonly schemas: LiveConfigSchemas,
  ) {}

  @Get()
  @ApiOkResponse({ standardSchema: namePageSchema })
  async list(@Call() call: ResourceCall, @Query({ schema: sharedListQuery }) page: SharedListQuery) {
    return this.requests.names(call, await this.find(call, ANY), page);
  }

  @Get(':name')
  @ApiOkResponse({ standardSchema: resourceReplySchema })
  async get(
    @Call() call: ResourceCall,
    @Param({ schema: liveConfigParams }) params: LiveConfigParams,
    @Query({ schema: sharedReadQuery }) { websockets }: SharedReadQuery,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    return this.requests.read(call, await this.find(call, params), websockets, reply);
  }

  @Put(':name')
  @ApiOkResponse({ standardSchema: resourceSchema })
  async put(
    @Call() call: ResourceCall,
    @Param({ schema: liveConfigParams }) params: LiveConfigParams,
    @Body({ schema: writeSchema }) { value }: WriteResource,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    return this.requests.write(call, await this.find(call, params), { action: 'put', value }, reply);
  }

  @Patch(':name')
  @ApiOkResponse({ standardSchema: resourceSchema })
  async patch(
    @Call() call: ResourceCall,
    @Param({ schema: liveConfigParams }) params: LiveConfigParams,
    @Body({ schema: writeSchema }) { value }: WriteResource,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    return this.requests.write(call, await this.find(call, params), { action: 'patch', value }, reply);
  }

  @Delete(':name')
  @HttpCode(204)
  async remove(
    @Call() call: ResourceCall,
    @Param({ schema: liveConfigParams }) params: LiveConfigParams,
  ): Promise<void> {
    await this.requests.remove(call, await this.find(call, params));
  }

  @Get(':name/schema')
  @ApiOkResponse({ standardSchema: settingsSchemaBody })
  async schema(@Call() call: ResourceCall, @Param({ schema: liveConfigParams }) params: LiveConfigParams) {
    return { schema: await this.schemas.get(call.identity, await this.find(call, params)) };
  }

  @Put(':name/schema')
  @ApiOkResponse({ standardSchema: settingsSchemaBody })
  async setSchema(
    @Call() call: ResourceCall,
    @Param({ schema: liveConfigParams }) params: LiveConfigParams,
    @Body({ schema: settingsSchemaBody }) { schema }: SettingsSchemaBody,
  ) {
    await this.schemas.set(call.identity, await this.find(call, params), schema);
    return { schema };
  }

  @Delete(':name/schema')
  @HttpCode(204)
  async removeSchema(
    @Call() call: ResourceCall,
    @Param({ schema: liveConfigParams }) params: LiveConfigParams,
  ): Promise<void> {
    await this.schemas.remove(call.identity, await this.find(call, params));
  }

  private async find(call: ResourceCall, { name }: LiveConfigParams): Promise<ResourceAddress> {
    return liveConfigAddress(await this.requests.place(call, 'project'), name);
  }
}
