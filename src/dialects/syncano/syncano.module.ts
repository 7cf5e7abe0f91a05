import { Module } from '@nestjs/common';
import { AccountsModule } from '../../modules/accounts/index.js';
import { ChannelsModule } from '../../modules/channels/index.js';
import { GroupsModule } from '../../modules/groups/index.js';
import { MembersModule } from '../../modules/members/index.js';
import { WorkspacesModule } from '../../modules/workspaces/index.js';
import { AccountController, AccountLoginController } from './account/account.controller.js';
import { Callers } from './callers.js';
import { ChannelSight } from './channels/channel-sight.js';
import { ChannelsController } from './channels/channels.controller.js';
import { MessagesController } from './channels/messages.controller.js';
import { PollController } from './channels/poll.controller.js';
import { InstanceDetailController, InstancesController } from './instances/instances.controller.js';
import { PollStorms } from './wire/poll-storms.js';
import { Routes } from './wire/routes.js';

/** The HTTP dialect under `/v1.1`: docs/dialects/syncano.md. */
@Module({
  imports: [AccountsModule, ChannelsModule, GroupsModule, MembersModule, WorkspacesModule],
  controllers: [
    AccountLoginController,
    AccountController,
    InstancesController,
    InstanceDetailController,
    PollController,
    MessagesController,
    ChannelsController,
  ],
  providers: [Callers, ChannelSight, PollStorms, Routes],
})
export class SyncanoModule {}
