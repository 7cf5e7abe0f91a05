import { Body, Controller, Delete, Get, HttpCode, Param, Patch, Put, Query, Res } from '@nestjs/common';
import { ApiCreatedResponse, ApiOkResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { Throws } from '../../common/http/throws.js';
import { ticketErrors } from '../../realtime/room.errors.js';
import { collectionAddress, type ResourceAddress } from './resource-address.js';
import { Call, type ResourceCall } from './resource-call.js';
import { memberIn, ResourceRequests } from './resource-requests.js';
import { resourceSchema } from './resource.view.js';
import { memberRequired, placeErrors, versionMismatch, writeErrors } from './resources.errors.js';
import {
  type CollectionParams,
  collectionParams,
  type MemberQuery,
  memberQuery,
  type MemberReadQuery,
  memberReadQuery,
  resourceReplySchema,
  type WriteResource,
  writeSchema,
} from './resources.schemas.js';

/** REST for sets of objects: the one that everybody has, and each member's own. */
@ApiTags('resources')
@Throws(...placeErrors, memberRequired)
@Controller('api/resources/collections/:visibility')
export class CollectionsController {
  constructor(private readonly requests: ResourceRequests) {}

  @Get()
  @Throws(...ticketErrors)
  @ApiOkResponse({ standardSchema: resourceReplySchema })
  async get(
    @Call() call: ResourceCall,
    @Param({ schema: collectionParams }) params: CollectionParams,
    @Query({ schema: memberReadQuery }) query: MemberReadQuery,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    return this.requests.read(call, await this.find(call, params, query), query.websockets, reply);
  }

  @Put()
  @Throws(...writeErrors)
  @ApiCreatedResponse({ standardSchema: resourceSchema })
  @ApiOkResponse({ standardSchema: resourceSchema })
  async put(
    @Call() call: ResourceCall,
    @Param({ schema: collectionParams }) params: CollectionParams,
    @Query({ schema: memberQuery }) query: MemberQuery,
    @Body({ schema: writeSchema }) { value }: WriteResource,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    return this.requests.write(call, await this.find(call, params, query), { action: 'put', value }, reply);
  }

  @Patch()
  @Throws(...writeErrors)
  @ApiOkResponse({ standardSchema: resourceSchema })
  async patch(
    @Call() call: ResourceCall,
    @Param({ schema: collectionParams }) params: CollectionParams,
    @Query({ schema: memberQuery }) query: MemberQuery,
    @Body({ schema: writeSchema }) { value }: WriteResource,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    return this.requests.write(call, await this.find(call, params, query), { action: 'patch', value }, reply);
  }

  @Delete()
  @Throws(versionMismatch)
  @HttpCode(204)
  async remove(
    @Call() call: ResourceCall,
    @Param({ schema: collectionParams }) params: CollectionParams,
    @Query({ schema: memberQuery }) query: MemberQuery,
  ): Promise<void> {
    await this.requests.remove(call, await this.find(call, params, query));
  }

  /** The public one has no member, whoever is named. */
  private async find(
    call: ResourceCall,
    { visibility }: CollectionParams,
    { member }: MemberQuery,
  ): Promise<ResourceAddress> {
    const place = await this.requests.place(call, 'project');
    return collectionAddress(place, visibility === 'public' ? null : memberIn(call.identity, member));
  }
}
