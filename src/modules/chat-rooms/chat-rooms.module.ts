import { Module } from '@nestjs/common';
import { DatabaseModule } from '../../database/database.module.js';
import { AddArchivedAfter1763700710000 } from './archived-rooms.migration.js';
import { ChatRoomParticipant } from './chat-room-participant.entity.js';
import { ChatRoomPin } from './chat-room-pin.entity.js';
import { ChatRoomPinSubscriber } from './chat-room-pin.subscriber.js';
import { AddChatRoomVersion1763700753000 } from './chat-room-version.migration.js';
import { ChatRoomAccess } from './chat-room.access.js';
import { ChatRoom } from './chat-room.entity.js';
import { ChatRoomDirectory } from './chat-room.directory.js';
import { ChatRoomInboxes } from './chat-room.inboxes.js';
import { ChatRoomJoining } from './chat-room.joining.js';
import { ChatRoomLeaving } from './chat-room.leaving.js';
import { ChatRoomOpening } from './chat-room.opening.js';
import { ChatRoomParticipants } from './chat-room.participants.js';
import { ChatRoomPeople } from './chat-room.people.js';
import { ChatRoomPins } from './chat-room.pins.js';
import { ChatRoomRooms } from './chat-room.rooms.js';
import { ChatRoomSenders } from './chat-room.senders.js';
import { ChatRoomSubscriber } from './chat-room.subscriber.js';
import { ChatRoomTickets } from './chat-room.tickets.js';
import { ChatRoomViews } from './chat-room.views.js';
import { AddChatRoomPins1763700700000 } from './chat-room-pins.migration.js';
import { ChatRoomPinsController } from './chat-room-pins.controller.js';
import { ChatRoomsController } from './chat-rooms.controller.js';
import { CreateChatRooms1763700300000 } from './chat-rooms.migration.js';
import { ChatRoomsService } from './chat-rooms.service.js';
import { ChatRoomParticipantsTopic, ChatRoomPinsTopic, ChatRoomsTopic } from './chat-rooms.topics.js';
import { AddParticipantOfRoom1763700770000 } from './participant-of-room.migration.js';
import { AddParticipantVersion1763700754000 } from './participant-version.migration.js';
import { ParticipantSettings } from './participant.settings.js';
import { ParticipantSubscriber } from './participant.subscriber.js';
import { ParticipantsController } from './participants.controller.js';
import { ParticipantsService } from './participants.service.js';
import { RoomListService } from './room-list.service.js';
import { AddRoomTurns1763700764000 } from './room-turns.migration.js';
import { AddUnchangedSenders1763700775000 } from './unchanged-senders.migration.js';
import { ChatRoomNews } from './chat-rooms.news.js';

/** Conversations and who is in them. What is said there is the messages feature, which answers as ChatRoomConversation. */
@Module({
  imports: [
    DatabaseModule.forFeature({
      entities: [ChatRoom, ChatRoomParticipant, ChatRoomPin],
      migrations: [
        CreateChatRooms1763700300000,
        AddChatRoomPins1763700700000,
        AddArchivedAfter1763700710000,
        AddChatRoomVersion1763700753000,
        AddParticipantVersion1763700754000,
        AddRoomTurns1763700764000,
        AddParticipantOfRoom1763700770000,
        AddUnchangedSenders1763700775000,
      ],
    }),
  ],
  controllers: [ChatRoomsController, ChatRoomPinsController, ParticipantsController],
  providers: [
    ChatRoomAccess,
    ChatRoomDirectory,
    ChatRoomInboxes,
    ChatRoomJoining,
    ChatRoomLeaving,
    ChatRoomOpening,
    ChatRoomNews,
    ChatRoomParticipants,
    ChatRoomPeople,
    ChatRoomPinSubscriber,
    ChatRoomPins,
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
    ChatRoomParticipantsTopic,
    ChatRoomPinsTopic,
    ChatRoomsTopic,
  ],
  exports: [ChatRoomDirectory, ChatRoomParticipants, ChatRoomPeople, ChatRoomSenders, ChatRoomTickets],
})
export class ChatRoomsModule {}
