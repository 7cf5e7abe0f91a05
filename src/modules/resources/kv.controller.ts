import { Body, Controller, Delete, Get, HttpCode, Param, Patch, Put, Query, Res } from '@nestjs/common';
import { ApiCreatedResponse, ApiOkResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { Throws } from '../../common/http/throws.js';
import { ticketErrors } from '../../realtime/room.errors.js';
import { keyAddress, type ResourceAddress } from './resource-address.js';
import { Call, type ResourceCall } from './resource-call.js';
import { memberIn, ResourceRequests } from './resource-requests.js';
import { resourceSchema } from './resource.view.js';
import { memberRequired, placeErrors, versionMismatch, writeErrors } from './resources.errors.js';
import {
  type KeyListParams,
  keyListParams,
  type KeyParams,
  keyParams,
  type MemberListQuery,
  memberListQuery,
  type MemberQuery,
  memberQuery,
  type MemberReadQuery,
  memberReadQuery,
  namePageSchema,
  resourceReplySchema,
  type WriteResource,
  writeSchema,
} from './resources.schemas.js';

/** Any key: the list is that of all beside it. */
const ANY = '*';

/** REST for the keys of a member, in the two stores. */
@ApiTags('resources')
@Throws(...placeErrors, memberRequired)
@Controller('api/resources/kv/:scope/:store')
export class KvController {
  constructor(private readonly requests: ResourceRequests) {}

  @Get()
  @ApiOkResponse({ standardSchema: namePageSchema })
  async list(
    @Call() call: ResourceCall,
    @Param({ schema: keyListParams }) params: KeyListParams,
    @Query({ schema: memberListQuery }) { member, ...page }: MemberListQuery,
  ) {
    return this.requests.names(call, await this.find(call, { ...params, key: ANY }, { member }), page);
  }

  @Get(':key')
  @Throws(...ticketErrors)
  @ApiOkResponse({ standardSchema: resourceReplySchema })
  async get(
    @Call() call: ResourceCall,
    @Param({ schema: keyParams }) params: KeyParams,
    @Query({ schema: memberReadQuery }) query: MemberReadQuery,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    return this.requests.read(call, await this.find(call, params, query), query.websockets, reply);
  }

  @Put(':key')
  @Throws(...writeErrors)
  @ApiCreatedResponse({ standardSchema: resourceSchema })
  @ApiOkResponse({ standardSchema: resourceSchema })
  async put(
    @Call() call: ResourceCall,
    @Param({ schema: keyParams }) params: KeyParams,
    @Query({ schema: memberQuery }) query: MemberQuery,
    @Body({ schema: writeSchema }) { value }: WriteResource,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    return this.requests.write(call, await this.find(call, params, query), { action: 'put', value }, reply);
  }

  @Patch(':key')
  @Throws(...writeErrors)
  @ApiOkResponse({ standardSchema: resourceSchema })
  async patch(
    @Call() call: ResourceCall,
    @Param({ schema: keyParams }) params: KeyParams,
    @Query({ schema: memberQuery }) query: MemberQuery,
    @Body({ schema: writeSchema }) { value }: WriteResource,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    return this.requests.write(call, await this.find(call, params, query), { action: 'patch', value }, reply);
  }

  @Delete(':key')
  @Throws(versionMismatch)
  @HttpCode(204)
  async remove(
    @Call() call: ResourceCall,
    @Param({ schema: keyParams }) params: KeyParams,
    @Query({ schema: memberQuery }) query: MemberQuery,
  ): Promise<void> {
    await this.requests.remove(call, await this.find(call, params, query));
  }

  private async find(
    call: ResourceCall,
    { scope, store, key }: KeyParams,
    { member }: MemberQuery,
  ): Promise<ResourceAddress> {
    const place = await this.requests.place(call, scope);
    return keyAddress(place, memberIn(call.identity, member), store, key);
  }
}
