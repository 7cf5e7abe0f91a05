import { Body, Controller, Delete, Get, HttpCode, Param, Patch, Post, Query } from '@nestjs/common';
import { ApiCreatedResponse, ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { accessErrors, AccessPolicy } from '../../access/access-policy.js';
import { CurrentIdentity } from '../../auth/auth.decorators.js';
import type { Identity } from '../../auth/identity.js';
import { Throws } from '../../common/http/throws.js';
import { type IdParams, idParams } from '../../common/ids.js';
import { type IdPage, toPage } from '../../common/paging.js';
import { groupPageSchema, groupSchema, toGroupView } from './group.view.js';
import type { GroupThing } from './groups.access.js';
import { groupNameTaken } from './groups.errors.js';
import {
  type CreateGroup,
  createGroupSchema,
  pageQuery,
  type UpdateGroup,
  updateGroupSchema,
} from './groups.schemas.js';
import { GroupsService } from './groups.service.js';

const group = (id: number | null): GroupThing => ({ kind: 'group', id });

/** REST for the groups of the caller's workspace. */
@ApiTags('groups')
@Throws(...accessErrors('group'))
@Controller('api/groups')
export class GroupsController {
  constructor(
    private readonly groups: GroupsService,
    private readonly policy: AccessPolicy,
  ) {}

  @Get()
  @ApiOkResponse({ standardSchema: groupPageSchema })
  async list(@CurrentIdentity() { workspaceId }: Identity, @Query({ schema: pageQuery }) page: IdPage) {
    return toPage(await this.groups.list(workspaceId, page), page.limit, toGroupView);
  }

  @Get(':id')
  @ApiOkResponse({ standardSchema: groupSchema })
  async get(@CurrentIdentity() identity: Identity, @Param({ schema: idParams }) { id }: IdParams) {
    await this.policy.require(identity, 'read', group(id));
    return toGroupView(await this.groups.get(identity.workspaceId, id));
  }

  @Post()
  @Throws(groupNameTaken)
  @ApiCreatedResponse({ standardSchema: groupSchema })
  async create(@CurrentIdentity() identity: Identity, @Body({ schema: createGroupSchema }) body: CreateGroup) {
    await this.policy.require(identity, 'create', group(null));
    return toGroupView(await this.groups.create(identity.workspaceId, body));
  }

  @Patch(':id')
  @Throws(groupNameTaken)
  @ApiOkResponse({ standardSchema: groupSchema })
  async update(
    @CurrentIdentity() identity: Identity,
    @Param({ schema: idParams }) { id }: IdParams,
    @Body({ schema: updateGroupSchema }) body: UpdateGroup,
  ) {
    await this.policy.require(identity, 'update', group(id));
    return toGroupView(await this.groups.update(identity.workspaceId, id, body));
  }

  @Delete(':id')
  @HttpCode(204)
  async remove(@CurrentIdentity() identity: Identity, @Param({ schema: idParams }) { id }: IdParams) {
    await this.policy.require(identity, 'delete', group(id));
    await this.groups.remove(identity.workspaceId, id);
  }
}
