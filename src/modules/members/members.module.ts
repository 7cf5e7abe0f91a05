import { Global, Module } from '@nestjs/common';
import { ExternalDirectory, MemberDirectory } from '../../auth/identity-directory.js';
import { DatabaseModule } from '../../database/database.module.js';
import { AdministratorsService } from './administrators.service.js';
import { AddExternalId1763700122000 } from './external-id.migration.js';
import { ExternalMembers } from './external-members.js';
import { InboxTickets } from './inbox-tickets.js';
import { MeController } from './me.controller.js';
import { MemberKey } from './member-key.entity.js';
import { MemberKeys } from './member-keys.service.js';
import { AddMemberVersion1763700751000 } from './member-version.migration.js';
import { Member } from './member.entity.js';
import { MemberAdministration } from './member-administration.service.js';
import { MemberAdministrationController } from './member-administration.controller.js';
import { MemberSubscriber } from './member.subscriber.js';
import { MemberWorkspaces } from './member.workspaces.js';
import { MemberAccess } from './members.access.js';
import { MembersController } from './members.controller.js';
import { MembersDirectory } from './members.directory.js';
import { CreateMembers1763700120000 } from './members.migration.js';
import { MemberListRooms, MemberRooms } from './members.rooms.js';
import { MembersService } from './members.service.js';
import { MembersTopic } from './members.topics.js';
import { Passwords } from './passwords.js';
import { RefreshToken } from './refresh-token.entity.js';
import { RefreshTokensService } from './refresh-tokens.service.js';
import { AddTokensValidAfter1763700121000 } from './tokens-valid-after.migration.js';
import { AddUsername1763700603000 } from './username.migration.js';
import { MemberNews } from './members.news.js';

/** The people of the workspaces and their logins. Global, because the guards look members up here. */
@Global()
@Module({
  imports: [
    DatabaseModule.forFeature({
      entities: [Member, MemberKey, RefreshToken],
      migrations: [
        CreateMembers1763700120000,
        AddTokensValidAfter1763700121000,
        AddExternalId1763700122000,
        AddUsername1763700603000,
        AddMemberVersion1763700751000,
      ],
    }),
  ],
  controllers: [MeController, MembersController, MemberAdministrationController],
  providers: [
    AdministratorsService,
    { provide: ExternalDirectory, useClass: ExternalMembers },
    InboxTickets,
    MemberAccess,
    MemberAdministration,
    MemberKeys,
    MemberListRooms,
    MemberNews,
    MemberRooms,
    MemberSubscriber,
    MemberWorkspaces,
    MembersDirectory,
    { provide: MemberDirectory, useExisting: MembersDirectory },
    MembersService,
    Passwords,
    RefreshTokensService,
    MembersTopic,
  ],
  exports: [
    AdministratorsService,
    ExternalDirectory,
    InboxTickets,
    MemberDirectory,
    MemberKeys,
    MembersService,
    Passwords,
    RefreshTokensService,
  ],
})
export class MembersModule {}
