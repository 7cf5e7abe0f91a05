import { Body, Controller, Get, Patch, Query } from '@nestjs/common';
import { ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { CurrentIdentity } from '../../auth/auth.decorators.js';
import type { Identity } from '../../auth/identity.js';
import { Throws } from '../../common/http/throws.js';
import { ticketErrors } from '../../realtime/room.errors.js';
import { InboxTickets } from './inbox-tickets.js';
import { privateMemberSchema, toPrivateMemberView } from './member.view.js';
import { emailTaken, memberNotFound, membersOnly, passwordWrong, usernameTaken } from './members.errors.js';
import { type MeQuery, meQuerySchema, meReplySchema, type UpdateMe, updateMeSchema } from './members.schemas.js';
import { MembersService } from './members.service.js';
import { Passwords } from './passwords.js';

/** REST for the calling member's own record. */
@ApiTags('members')
@Throws(membersOnly, memberNotFound)
@Controller('api/me')
export class MeController {
  constructor(
    private readonly members: MembersService,
    private readonly passwords: Passwords,
    private readonly inbox: InboxTickets,
  ) {}

  @Get()
  @Throws(...ticketErrors)
  @ApiOkResponse({ standardSchema: meReplySchema })
  async get(@CurrentIdentity() identity: Identity, @Query({ schema: meQuerySchema }) query: MeQuery) {
    const me = await this.members.get(identity.workspaceId, ownId(identity));
    return { ...toPrivateMemberView(me), ...(await this.inbox.forReply(identity, query.websockets)) };
  }

  @Patch()
  @Throws(passwordWrong, emailTaken, usernameTaken)
  @ApiOkResponse({ standardSchema: privateMemberSchema })
  async update(@CurrentIdentity() identity: Identity, @Body({ schema: updateMeSchema }) body: UpdateMe) {
    const id = ownId(identity);
    const { avatar_url, password, current_password, ...changes } = body;
    const passwordHash = await this.newHash(id, password, current_password);
    return toPrivateMemberView(
      await this.members.update(id, {
        ...changes,
        ...(avatar_url === undefined ? {} : { avatarUrl: avatar_url }),
        ...(passwordHash === undefined ? {} : { passwordHash }),
      }),
    );
  }

  private async newHash(id: number, password?: string, currentPassword = ''): Promise<string | undefined> {
    if (password === undefined) return undefined;
    const me = await this.members.findForLogin({ id });
    if (!(await this.passwords.verify(me?.passwordHash ?? null, currentPassword))) throw passwordWrong();
    return this.passwords.hash(password);
  }
}

function ownId({ memberId }: Identity): number {
  if (memberId === null) throw membersOnly();
  return memberId;
}
