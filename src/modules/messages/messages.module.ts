import { Global, Module } from '@nestjs/common';
import { DiscoveryModule } from '@nestjs/core';
import { DatabaseModule } from '../../database/database.module.js';
import { ChatRoomConversation, ChatRoomsModule } from '../chat-rooms/index.js';
import { AddMessageMentions1763700410000 } from './message-mentions.migration.js';
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

/** What is said in the rooms. Global, because the rooms ask here about their messages without knowing who answers. */
@Global()
@Module({
  imports: [
    DatabaseModule.forFeature({
      entities: [Message],
      migrations: [CreateMessages1763700400000, AddMessageMentions1763700410000],
    }),
    ChatRoomsModule,
    DiscoveryModule,
  ],
  controllers: [MessagesController],
  providers: [
    { provide: ChatRoomConversation, useExisting: MessageConversation },
    MessageAudience,
    MessageConversation,
    MessageHistory,
    MessageListeners,
    MessageSending,
    MessageSubscriber,
    MessageThreads,
    MessageViews,
    MessageWriter,
    MessagesService,
  ],
  exports: [ChatRoomConversation, MessageHistory, MessageSending, MessageViews, MessagesService],
})
export class MessagesModule {}
