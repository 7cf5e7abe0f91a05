import { Inject } from '@nestjs/common';
import type { MemberIdentity } from '../../auth/identity.js';
import { TableTopic, type TopicRooms } from '../../realtime/topics/topic-source.js';
import { memberPath } from '../members/index.js';
import { ChatRoomDirectory } from './chat-room.directory.js';
import { chatRoomPaths } from './chat-rooms.streams.js';

/** Rows that are told of in all rooms that the member is in, as these come and go: the member's own stream says when. */
export abstract class ChatRoomTopic extends TableTopic {
  @Inject(ChatRoomDirectory) private readonly directory: ChatRoomDirectory;

  roomsFor(member: MemberIdentity): TopicRooms {
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
