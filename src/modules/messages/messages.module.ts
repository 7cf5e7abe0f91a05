import { Global, Module } from '@nestjs/common';
import { DiscoveryModule } from '@nestjs/core';
import { DatabaseModule } from '../../database/database.module.js';
import { ChatRoomConversation, ChatRoomsModule } from '../chat-rooms/index.js';
import { AddMessageMentions1763700410000 } from './message-mentions.migration.js';
import { ReferMessagesToSenders1763700771000 } from './message-sender.migration.js';
import { AddMessageVersion1763700755000 } from './message-version.migration.js';
import { MessageAudience } from './message.audience.js';
import { MessageConversation } from './message.conversation.js';
import { Message } from './message.entity.js';
import { MessageHistory } from './message.history.js';
import { MessageListeners } from './message.listeners.js';
import { MessageSending } from './message.sending.js';
import { MessageSubscriber } from './message.subscriber.js';
import { MessageThreads } from './message.threads.js';
import { MessageViews } from './message.views.js';
import { MessageWriter } from './message.writer.js';
import { MessagesController } from './messages.controller.js';
import { CreateMessages1763700400000 } from './messages.migration.js';
import { MessagesService } from './messages.service.js';
import { MessagesTopic, ReactionsTopic } from './messages.topics.js';
import { Reaction } from './reaction.entity.js';
import { ReactionSubscriber } from './reaction.subscriber.js';
import { ReactionsController } from './reactions.controller.js';
import { CreateReactions1763700730000 } from './reactions.migration.js';
import { ReactionsService } from './reactions.service.js';
import { RoomReadingController } from './room-reading.controller.js';
import { RoomReading } from './room-reading.service.js';
import { ThreadMarks } from './thread-marks.js';
import { AddThreadParticipants1763700765000 } from './thread-participants.migration.js';
import { AddThreadReading1763700720000 } from './thread-reading.migration.js';
import { ThreadViews } from './thread.views.js';
import { ThreadsController } from './threads.controller.js';
import { ThreadsService } from './threads.service.js';
import { MessageNews } from './messages.news.js';

/** What is said in the rooms. Global, because the rooms ask here about their messages without knowing who answers. */
@Global()
@Module({
  imports: [
    DatabaseModule.forFeature({
      entities: [Message, Reaction],
      migrations: [
        CreateMessages1763700400000,
        AddMessageMentions1763700410000,
        AddThreadReading1763700720000,
        CreateReactions1763700730000,
        AddMessageVersion1763700755000,
        AddThreadParticipants1763700765000,
        ReferMessagesToSenders1763700771000,
      ],
    }),
    ChatRoomsModule,
    DiscoveryModule,
  ],
  controllers: [MessagesController, ReactionsController, RoomReadingController, ThreadsController],
  providers: [
    { provide: ChatRoomConversation, useExisting: MessageConversation },
    MessageAudience,
    MessageConversation,
    MessageHistory,
    MessageListeners,
    MessageNews,
    MessageSending,
    MessageSubscriber,
    MessageThreads,
    MessageViews,
    MessageWriter,
    MessagesService,
    ReactionSubscriber,
    ReactionsService,
    RoomReading,
    ThreadMarks,
    ThreadViews,
    ThreadsService,
    MessagesTopic,
    ReactionsTopic,
  ],
  exports: [ChatRoomConversation, MessageHistory, MessageSending, MessageViews, MessagesService],
})
export class MessagesModule {}
