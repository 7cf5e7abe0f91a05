import { Body, Controller, Delete, HttpCode, Param, Patch, Post } from '@nestjs/common';
import { ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { accessErrors, AccessPolicy } from '../../access/access-policy.js';
import { CurrentIdentity } from '../../auth/auth.decorators.js';
import { administratorsOnly } from '../../auth/auth.errors.js';
import type { Identity } from '../../auth/identity.js';
import { Throws } from '../../common/http/throws.js';
import { type IdParams, idParams } from '../../common/ids.js';
import { MemberAdministration } from './member-administration.service.js';
import { memberViewFor } from './member.view.js';
import type { MemberThing } from './members.access.js';
import { type ChangeMember, changeMemberSchema, memberReplySchema } from './members.schemas.js';

const member = (id: number): MemberThing => ({ kind: 'member', id });

/** REST for what administrators decide about others. */
@ApiTags('members')
@Throws(...accessErrors('member'), administratorsOnly)
@Controller('api/members/:id')
export class MemberAdministrationController {
  constructor(
    private readonly administration: MemberAdministration,
    private readonly policy: AccessPolicy,
  ) {}

  @Patch()
  @ApiOkResponse({ standardSchema: memberReplySchema })
  async change(
    @CurrentIdentity() identity: Identity,
    @Param({ schema: idParams }) { id }: IdParams,
    @Body({ schema: changeMemberSchema }) { role }: ChangeMember,
  ) {
    await this.policy.require(identity, 'set_role', member(id));
    return memberViewFor(identity)(await this.administration.setRole(identity, id, role));
  }

  @Post('ban')
  @HttpCode(204)
  async ban(@CurrentIdentity() identity: Identity, @Param({ schema: idParams }) { id }: IdParams) {
    await this.policy.require(identity, 'ban', member(id));
    await this.administration.ban(identity, id);
  }

  @Delete('ban')
  @HttpCode(204)
  async unban(@CurrentIdentity() identity: Identity, @Param({ schema: idParams }) { id }: IdParams) {
    await this.policy.require(identity, 'ban', member(id));
    await this.administration.unban(identity, id);
  }
}
