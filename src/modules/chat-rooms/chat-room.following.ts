import { Injectable } from '@nestjs/common';
import type { MemberIdentity } from '../../auth/identity.js';
import type { TopicRooms } from '../../realtime/topics/topic-source.js';
import { memberPath } from '../members/index.js';
import { ChatRoomDirectory } from './chat-room.directory.js';
import { chatRoomPaths } from './chat-rooms.streams.js';

/** The rooms that a member is in, for topics: followed as they come and go, beginning with the member's own stream. */
@Injectable()
export class ChatRoomFollowing {
  constructor(private readonly directory: ChatRoomDirectory) {}

  all(member: MemberIdentity): TopicRooms {
    return {
      main: memberPath(member.memberId),
      others: async () => (await this.directory.all(member)).map(({ uuid }) => chatRoomPaths.room(uuid)),
      opensWith: async (event) => {
        const opened = await this.directory.openedBy(member, event);
        return opened && { room: chatRoomPaths.room(opened.room.uuid), after: opened.after };
      },
    };
  }
}
