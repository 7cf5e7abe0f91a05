import { Injectable } from '@nestjs/common';
import type { MemberIdentity } from '../../auth/identity.js';
import { rowsOf } from '../../realtime/topics/topic-rows.js';
import { OfTopics, TableTopic, type TopicRooms } from '../../realtime/topics/topic-source.js';
import { ChatRoomFollowing } from '../chat-rooms/index.js';

/** The messages of all rooms that the member is in. */
@Injectable()
@OfTopics()
export class MessagesTopic extends TableTopic {
  readonly rows = rowsOf('chat_room_messages', 'message');

  constructor(private readonly following: ChatRoomFollowing) {
    super();
  }

  roomsFor(member: MemberIdentity): TopicRooms {
    return this.following.all(member);
  }
}

/** The reactions to these. */
@Injectable()
@OfTopics()
export class ReactionsTopic extends TableTopic {
  readonly rows = rowsOf(
    'chat_room_message_reactions',
    'reaction',
    ({ chat_room_message_id, community_member_id, emoji }) =>
      [chat_room_message_id, community_member_id, emoji].map(String).join('/'),
  );

  constructor(private readonly following: ChatRoomFollowing) {
    super();
  }

  roomsFor(member: MemberIdentity): TopicRooms {
    return this.following.all(member);
  }
}
