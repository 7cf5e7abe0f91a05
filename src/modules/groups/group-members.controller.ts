import { Body, Controller, Delete, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiCreatedResponse, ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { accessErrors, AccessPolicy } from '../../access/access-policy.js';
import { CurrentIdentity } from '../../auth/auth.decorators.js';
import type { Identity } from '../../auth/identity.js';
import { Throws } from '../../common/http/throws.js';
import { type IdParams, idParams } from '../../common/ids.js';
import { type IdPage, pageSchema, toPage } from '../../common/paging.js';
import { memberNotFound, memberSchema, MembersService } from '../members/index.js';
import { GroupMemberships } from './group-memberships.service.js';
import type { GroupThing } from './groups.access.js';
import { alreadyInGroup, notInGroup, tooManyGroups } from './groups.errors.js';
import { addMembersSchema, type GroupMemberParams, groupMemberParams, pageQuery } from './groups.schemas.js';

const memberPageSchema = pageSchema(memberSchema).meta({ id: 'GroupMemberPage' });
const addedSchema = z.strictObject({ records: z.array(memberSchema) }).meta({ id: 'AddedGroupMembers' });

const group = (id: number): GroupThing => ({ kind: 'group', id });

/** REST for who is in a group. */
@ApiTags('groups')
@Throws(...accessErrors('group'))
@Controller('api/groups/:id/members')
export class GroupMembersController {
  constructor(
    private readonly groupMembers: GroupMemberships,
    private readonly members: MembersService,
    private readonly policy: AccessPolicy,
  ) {}

  @Get()
  @ApiOkResponse({ standardSchema: memberPageSchema })
  async list(
    @CurrentIdentity() identity: Identity,
    @Param({ schema: idParams }) { id }: IdParams,
    @Query({ schema: pageQuery }) page: IdPage,
  ) {
    await this.policy.require(identity, 'read', group(id));
    const found = await this.groupMembers.list(id, page);
    const views = await this.members.publicViews(found.map((membership) => membership.memberId));
    return toPage(found, page.limit, (membership) => views.get(membership.memberId)!);
  }

  @Post()
  @Throws(memberNotFound, alreadyInGroup, tooManyGroups)
  @ApiCreatedResponse({ standardSchema: addedSchema })
  async add(
    @CurrentIdentity() identity: Identity,
    @Param({ schema: idParams }) { id }: IdParams,
    @Body({ schema: addMembersSchema }) memberIds: number[],
  ) {
    await this.policy.require(identity, 'update', group(id));
    await this.groupMembers.add(identity.workspaceId, id, memberIds);
    const views = await this.members.publicViews(memberIds);
    return { records: memberIds.map((memberId) => views.get(memberId)!) };
  }

  @Delete(':member_id')
  @Throws(notInGroup)
  @HttpCode(204)
  async remove(
    @CurrentIdentity() identity: Identity,
    @Param({ schema: groupMemberParams }) { id, member_id }: GroupMemberParams,
  ) {
    await this.policy.require(identity, 'update', group(id));
    await this.groupMembers.remove(identity.workspaceId, id, member_id);
  }
}
