import { Injectable } from '@nestjs/common';
import { RoomNews } from '../../realtime/asyncapi/room-news.js';
import { pinSchema, unpinnedSchema } from './chat-room-pin.view.js';
import { changedChatRoomSchema, chatRoomSchema, goneChatRoomSchema, sharedChatRoomSchema } from './chat-room.view.js';
import { currentParticipantSchema, participantSchema } from './participant.view.js';

/** What is told about chat rooms and who is in them, in `/asyncapi.json`. */
@Injectable()
export class ChatRoomNews extends RoomNews {
  readonly from = 'chat rooms and their participants';
  readonly rooms = {
    '/chat-rooms/:uuid': {
      chat_room: changedChatRoomSchema.or(sharedChatRoomSchema),
      participant: participantSchema,
    },
    '/members/:id': {
      chat_room: chatRoomSchema.or(goneChatRoomSchema).or(pinSchema).or(unpinnedSchema),
      participant: currentParticipantSchema,
    },
  };
}
