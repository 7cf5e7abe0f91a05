import { Module } from '@nestjs/common';
import { DiscoveryModule } from '@nestjs/core';
import { DatabaseModule } from '../../database/database.module.js';
import { MembersModule } from '../members/index.js';
import { GroupDeletion } from './group-deletion.js';
import { GroupMember } from './group-member.entity.js';
import { GroupMemberSubscriber } from './group-member.subscriber.js';
import { GroupMembersController } from './group-members.controller.js';
import { GroupMemberships } from './group-memberships.service.js';
import { Group } from './group.entity.js';
import { GroupAccess } from './groups.access.js';
import { GroupsController } from './groups.controller.js';
import { CreateGroups1763700130000 } from './groups.migration.js';
import { GroupsService } from './groups.service.js';
import { GroupNews } from './groups.news.js';
import { GroupMembersTopic } from './groups.topics.js';

/** Sets of members that permissions are given to. */
@Module({
  imports: [
    DatabaseModule.forFeature({ entities: [Group, GroupMember], migrations: [CreateGroups1763700130000] }),
    DiscoveryModule,
    MembersModule,
  ],
  controllers: [GroupsController, GroupMembersController],
  providers: [
    GroupAccess,
    GroupDeletion,
    GroupMemberSubscriber,
    GroupMemberships,
    GroupMembersTopic,
    GroupNews,
    GroupsService,
  ],
  exports: [GroupMemberships, GroupsService],
})
export class GroupsModule {}
