import { Body, Controller, Delete, Get, HttpCode, Param, Patch, Put, Query, Res } from '@nestjs/common';
import { ApiCreatedResponse, ApiOkResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { Throws } from '../../common/http/throws.js';
import { ticketErrors } from '../../realtime/room.errors.js';
import { LiveConfigSchemas } from './live-config-schemas.service.js';
import { liveConfigAddress, type ResourceAddress } from './resource-address.js';
import { Call, type ResourceCall } from './resource-call.js';
import { ResourceRequests } from './resource-requests.js';
import { resourceSchema } from './resource.view.js';
import { placeErrors, schemaInvalid, versionMismatch, writeErrors } from './resources.errors.js';
import {
  type LiveConfigParams,
  liveConfigParams,
  namePageSchema,
  resourceReplySchema,
  type SettingsSchemaBody,
  settingsSchemaBody,
  settingsSchemaReply,
  type SharedListQuery,
  sharedListQuery,
  type SharedReadQuery,
  sharedReadQuery,
  type WriteResource,
  writeSchema,
} from './resources.schemas.js';

/** Any name: the list is that of all beside it. */
const ANY = { config: '*' };

/** REST for the settings of a project, and for the schemas that they have to fit. */
@ApiTags('resources')
@Throws(...placeErrors)
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

  @Get(':config')
  @Throws(...ticketErrors)
  @ApiOkResponse({ standardSchema: resourceReplySchema })
  async get(
    @Call() call: ResourceCall,
    @Param({ schema: liveConfigParams }) params: LiveConfigParams,
    @Query({ schema: sharedReadQuery }) { websockets }: SharedReadQuery,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    return this.requests.read(call, await this.find(call, params), websockets, reply);
  }

  @Put(':config')
  @Throws(...writeErrors)
  @ApiCreatedResponse({ standardSchema: resourceSchema })
  @ApiOkResponse({ standardSchema: resourceSchema })
  async put(
    @Call() call: ResourceCall,
    @Param({ schema: liveConfigParams }) params: LiveConfigParams,
    @Body({ schema: writeSchema }) { value }: WriteResource,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    return this.requests.write(call, await this.find(call, params), { action: 'put', value }, reply);
  }

  @Patch(':config')
  @Throws(...writeErrors)
  @ApiOkResponse({ standardSchema: resourceSchema })
  async patch(
    @Call() call: ResourceCall,
    @Param({ schema: liveConfigParams }) params: LiveConfigParams,
    @Body({ schema: writeSchema }) { value }: WriteResource,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    return this.requests.write(call, await this.find(call, params), { action: 'patch', value }, reply);
  }

  @Delete(':config')
  @Throws(versionMismatch)
  @HttpCode(204)
  async remove(
    @Call() call: ResourceCall,
    @Param({ schema: liveConfigParams }) params: LiveConfigParams,
  ): Promise<void> {
    await this.requests.remove(call, await this.find(call, params));
  }

  @Get(':config/schema')
  @ApiOkResponse({ standardSchema: settingsSchemaReply })
  async schema(@Call() call: ResourceCall, @Param({ schema: liveConfigParams }) params: LiveConfigParams) {
    return { schema: await this.schemas.get(call.identity, await this.find(call, params)) };
  }

  @Put(':config/schema')
  @Throws(schemaInvalid)
  @ApiOkResponse({ standardSchema: settingsSchemaReply })
  async setSchema(
    @Call() call: ResourceCall,
    @Param({ schema: liveConfigParams }) params: LiveConfigParams,
    @Body({ schema: settingsSchemaBody }) { schema }: SettingsSchemaBody,
  ) {
    await this.schemas.set(call.identity, await this.find(call, params), schema);
    return { schema };
  }

  @Delete(':config/schema')
  @HttpCode(204)
  async removeSchema(
    @Call() call: ResourceCall,
    @Param({ schema: liveConfigParams }) params: LiveConfigParams,
  ): Promise<void> {
    await this.schemas.remove(call.identity, await this.find(call, params));
  }

  private async find(call: ResourceCall, { config }: LiveConfigParams): Promise<ResourceAddress> {
    return liveConfigAddress(await this.requests.place(call, 'project'), config);
  }
}
