import { Body, Controller, Delete, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiCreatedResponse, ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { accessErrors, AccessPolicy } from '../../access/access-policy.js';
import { CurrentIdentity } from '../../auth/auth.decorators.js';
import type { Identity } from '../../auth/identity.js';
import { Throws } from '../../common/http/throws.js';
import { type IdParams, idParams } from '../../common/ids.js';
import { toPage } from '../../common/paging.js';
import { ticketErrors } from '../../realtime/room.errors.js';
import { InboxTickets } from './inbox-tickets.js';
import { memberViewFor } from './member.view.js';
import type { MemberThing } from './members.access.js';
import { emailTaken, externalIdTaken, membersOnly, usernameTaken } from './members.errors.js';
import {
  type CreateMember,
  createMemberSchema,
  type ListMembers,
  listMembersSchema,
  memberPageSchema,
  memberReplySchema,
} from './members.schemas.js';
import { MembersService } from './members.service.js';
import { NO_PASSWORD, Passwords } from './passwords.js';

const member = (id: number | null): MemberThing => ({ kind: 'member', id });

/** REST for the people of the caller's workspace. */
@ApiTags('members')
@Throws(...accessErrors('member'))
@Controller('api/members')
export class MembersController {
  constructor(
    private readonly members: MembersService,
    private readonly passwords: Passwords,
    private readonly policy: AccessPolicy,
    private readonly inbox: InboxTickets,
  ) {}

  @Get()
  @Throws(membersOnly, ...ticketErrors)
  @ApiOkResponse({ standardSchema: memberPageSchema })
  async list(@CurrentIdentity() identity: Identity, @Query({ schema: listMembersSchema }) query: ListMembers) {
    const found = await this.members.list(identity.workspaceId, query);
    const page = toPage(found, query.limit, memberViewFor(identity));
    return { ...page, ...(await this.inbox.forReply(identity, query.websockets)) };
  }

  @Get(':id')
  @ApiOkResponse({ standardSchema: memberReplySchema })
  async get(@CurrentIdentity() identity: Identity, @Param({ schema: idParams }) { id }: IdParams) {
    await this.policy.require(identity, 'read', member(id));
    return memberViewFor(identity)(await this.members.get(identity.workspaceId, id));
  }

  @Post()
  @Throws(emailTaken, usernameTaken, externalIdTaken)
  @ApiCreatedResponse({ standardSchema: memberReplySchema })
  async create(@CurrentIdentity() identity: Identity, @Body({ schema: createMemberSchema }) body: CreateMember) {
    const { password, avatar_url: avatarUrl, external_id: externalId, ...rest } = body;
    const action = rest.role === 'administrator' ? 'create_administrator' : 'create';
    await this.policy.require(identity, action, member(null));
    const passwordHash = password === undefined ? NO_PASSWORD : await this.passwords.hash(password);
    const { workspaceId } = identity;
    const wanted = { ...rest, avatarUrl, externalId, workspaceId, passwordHash };
    return memberViewFor(identity)(await this.members.create(wanted));
  }

  @Delete(':id')
  @HttpCode(204)
  async remove(@CurrentIdentity() identity: Identity, @Param({ schema: idParams }) { id }: IdParams) {
    await this.policy.require(identity, 'delete', member(id));
    await this.members.remove(identity.workspaceId, id);
  }
}
