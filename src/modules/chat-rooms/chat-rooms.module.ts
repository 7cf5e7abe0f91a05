import { Module } from '@nestjs/common';
import { DatabaseModule } from '../../database/database.module.js';
import { ChatRoomParticipant } from './chat-room-participant.entity.js';
import { ChatRoomAccess } from './chat-room.access.js';
import { ChatRoom } from './chat-room.entity.js';
import { ChatRoomDirectory } from './chat-room.directory.js';
import { ChatRoomInboxes } from './chat-room.inboxes.js';
import { ChatRoomJoining } from './chat-room.joining.js';
import { ChatRoomOpening } from './chat-room.opening.js';
import { ChatRoomParticipants } from './chat-room.participants.js';
import { ChatRoomPeople } from './chat-room.people.js';
import { ChatRoomRooms } from './chat-room.rooms.js';
import { ChatRoomSenders } from './chat-room.senders.js';
import { ChatRoomSubscriber } from './chat-room.subscriber.js';
import { ChatRoomTickets } from './chat-room.tickets.js';
import { ChatRoomViews } from './chat-room.views.js';
import { ChatRoomsController } from './chat-rooms.controller.js';
import { CreateChatRooms1763700300000 } from './chat-rooms.migration.js';
import { ChatRoomsService } from './chat-rooms.service.js';
import { ParticipantSettings } from './participant.settings.js';
import { ParticipantSubscriber } from './participant.subscriber.js';
import { ParticipantsController } from './participants.controller.js';
import { ParticipantsService } from './participants.service.js';
import { RoomListService } from './room-list.service.js';

/** Conversations and who is in them. What is said there is the messages feature, which answers as ChatRoomConversation. */
@Module({
  imports: [
    DatabaseModule.forFeature({
      entities: [ChatRoom, ChatRoomParticipant],
      migrations: [CreateChatRooms1763700300000],
    }),
  ],
  controllers: [ChatRoomsController, ParticipantsController],
  providers: [
    ChatRoomAccess,
    ChatRoomDirectory,
    ChatRoomInboxes,
    ChatRoomJoining,
    ChatRoomOpening,
    ChatRoomParticipants,
    ChatRoomPeople,
    ChatRoomRooms,
    ChatRoomSenders,
    ChatRoomSubscriber,
    ChatRoomTickets,
    ChatRoomViews,
    ChatRoomsService,
    ParticipantSettings,
    ParticipantSubscriber,
    ParticipantsService,
    RoomListService,
  ],
  exports: [ChatRoomDirectory, ChatRoomParticipants, ChatRoomPeople, ChatRoomSenders, ChatRoomTickets],
})
export class ChatRoomsModule {}
