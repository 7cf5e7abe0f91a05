import { Injectable } from '@nestjs/common';
import { rowsOf } from '../../realtime/topics/topic-rows.js';
import { OfTopics } from '../../realtime/topics/topic-source.js';
import { ChatRoomTopic } from '../chat-rooms/index.js';

/** The messages of all rooms that the member is in. */
@Injectable()
@OfTopics()
export class MessagesTopic extends ChatRoomTopic {
  readonly rows = rowsOf('chat_room_messages', 'message');
}

/** The reactions to these. */
@Injectable()
@OfTopics()
export class ReactionsTopic extends ChatRoomTopic {
  readonly rows = rowsOf(
    'chat_room_message_reactions',
    'reaction',
    ({ chat_room_message_id, community_member_id, emoji }) =>
      [chat_room_message_id, community_member_id, emoji].map(String).join('/'),
  );
}
