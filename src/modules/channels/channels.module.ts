import { Module } from '@nestjs/common';
import { DatabaseModule } from '../../database/database.module.js';
import { GroupsModule } from '../groups/index.js';
import { WorkspacesModule } from '../workspaces/index.js';
import { BodyLimits } from './body-limit.js';
import { ChannelCallers } from './channel-callers.js';
import { ChannelGroupListener } from './channel-group.listener.js';
import { ChannelHistory } from './channel-history.js';
import { ChannelListService } from './channel-list.service.js';
import { ChannelMessagesController } from './channel-messages.controller.js';
import { ChannelPolling } from './channel-polling.js';
import { ChannelPublishing } from './channel-publishing.js';
import { ChannelMessagesService } from './channel-messages.service.js';
import { CreateChannelStands1763700780000 } from './channel-stands.migration.js';
import { AddChannelVersion1763700752000 } from './channel-version.migration.js';
import { Channel } from './channel.entity.js';
import { ChannelWorkspaces } from './channel.workspaces.js';
import { ChannelSubscriber } from './channel.subscriber.js';
import { ChannelAccess, ChannelsAccess } from './channels.access.js';
import { ChannelsController } from './channels.controller.js';
import { CreateChannels1763700200000 } from './channels.migration.js';
import { ChannelListRooms, ChannelRooms, ChannelSubRooms } from './channels.rooms.js';
import { ChannelsService } from './channels.service.js';
import { ChannelNews } from './channels.news.js';
import { ChannelsTopic } from './channels.topics.js';

/** Named publish/subscribe channels with permissions. */
@Module({
  imports: [
    DatabaseModule.forFeature({
      entities: [Channel],
      migrations: [CreateChannels1763700200000, AddChannelVersion1763700752000, CreateChannelStands1763700780000],
    }),
    GroupsModule,
    WorkspacesModule,
  ],
  controllers: [ChannelsController, ChannelMessagesController],
  providers: [
    BodyLimits,
    ChannelAccess,
    ChannelCallers,
    ChannelGroupListener,
    ChannelHistory,
    ChannelListRooms,
    ChannelListService,
    ChannelMessagesService,
    ChannelNews,
    ChannelPolling,
    ChannelPublishing,
    ChannelRooms,
    ChannelsAccess,
    ChannelsService,
    ChannelSubRooms,
    ChannelSubscriber,
    ChannelWorkspaces,
    ChannelsTopic,
  ],
  exports: [
    ChannelAccess,
    ChannelCallers,
    ChannelHistory,
    ChannelListService,
    ChannelMessagesService,
    ChannelPolling,
    ChannelPublishing,
    ChannelsService,
  ],
})
export class ChannelsModule {}
