import { Module } from '@nestjs/common';
import { AccountsModule } from '../../modules/accounts/index.js';
import { ChannelsModule } from '../../modules/channels/index.js';
import { GroupsModule } from '../../modules/groups/index.js';
import { MembersModule } from '../../modules/members/index.js';
import { ObjectsModule } from '../../modules/objects/index.js';
import { WorkspacesModule } from '../../modules/workspaces/index.js';
import { AccountController, AccountLoginController } from './account/account.controller.js';
import { Callers } from './callers.js';
import { ApiKeysController } from './api-keys/api-keys.controller.js';
import { GroupsController } from './groups/groups.controller.js';
import { GroupUsersController } from './groups/group-users.controller.js';
import { UserGroupsController } from './groups/user-groups.controller.js';
import { ClassSight } from './objects/class-sight.js';
import { ClassesController } from './objects/classes.controller.js';
import { ObjectsController } from './objects/objects.controller.js';
import { OwnUserController } from './users/own-user.controller.js';
import { UserShapes } from './users/user.shapes.js';
import { UsersController } from './users/users.controller.js';
import { Users } from './users/users.service.js';
import { ChannelSight } from './channels/channel-sight.js';
import { PollDescription, PublishDescription } from './channels/channels.asyncapi.js';
import { ChannelsController } from './channels/channels.controller.js';
import { MessagesController } from './channels/messages.controller.js';
import { PollController } from './channels/poll.controller.js';
import { InstanceConfigController } from './instances/instance-config.controller.js';
import { InstanceDetailController, InstancesController } from './instances/instances.controller.js';
import { PollStorms } from './wire/poll-storms.js';
import { Routes } from './wire/routes.js';

/** The HTTP dialect under `/v1.1`: docs/dialects/syncano.md. */
@Module({
  imports: [AccountsModule, ChannelsModule, GroupsModule, MembersModule, ObjectsModule, WorkspacesModule],
  controllers: [
    AccountLoginController,
    AccountController,
    InstancesController,
    InstanceDetailController,
    InstanceConfigController,
    PollController,
    MessagesController,
    ChannelsController,
    ApiKeysController,
    GroupUsersController,
    GroupsController,
    UserGroupsController,
    OwnUserController,
    UsersController,
    ObjectsController,
    ClassesController,
  ],
  providers: [
    Callers,
    ChannelSight,
    ClassSight,
    PollDescription,
    PollStorms,
    PublishDescription,
    Routes,
    Users,
    UserShapes,
  ],
})
export class SyncanoModule {}
