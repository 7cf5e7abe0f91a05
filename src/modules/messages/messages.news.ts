import { Injectable } from '@nestjs/common';
import { RoomNews } from '../../realtime/asyncapi/room-news.js';
import { goneMessageSchema, messageSchema } from './message.view.js';
import { reactionSchema } from './reaction.view.js';
import { roomReadSchema, threadReadSchema } from './reading.view.js';

/** What is told about messages, and to each member how far they have read, in `/asyncapi.json`. */
@Injectable()
export class MessageNews extends RoomNews {
  readonly from = 'messages and reactions';
  readonly rooms = {
    '/chat-rooms/:uuid': { message: messageSchema.or(goneMessageSchema), reaction: reactionSchema },
    '/members/:id': { chat_room: roomReadSchema, chat_thread: threadReadSchema },
  };
}
