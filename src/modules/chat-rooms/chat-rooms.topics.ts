import { Injectable } from '@nestjs/common';
import type { MemberIdentity } from '../../auth/identity.js';
import type { JsonObject } from '../../common/json.js';
import { rowsOf, type TopicRows } from '../../realtime/topics/topic-rows.js';
import { OfTopics, TableTopic, type TopicRooms } from '../../realtime/topics/topic-source.js';
import { memberPath } from '../members/index.js';
import { ChatRoomTopic } from './chat-room.topic.js';
import { SHARED_FIELDS } from './chat-room.view.js';

const told = rowsOf('chat_rooms', 'chat_room');

/** The rooms that the member is in. To come into one is its beginning, to leave it its end; both are told in their own stream. */
@Injectable()
@OfTopics()
export class ChatRoomsTopic extends ChatRoomTopic {
  readonly rows: TopicRows = {
    table: told.table,
    changeIn: (event) => {
      const change = told.changeIn(event);
      const ownStream = event.stream.startsWith('members/');
      if (!change || ownStream === (change.action === 'updated')) return null;
      return { ...change, row: sharedOf(change.row) };
    },
  };
}

/** Who is in the rooms that the member is in. */
@Injectable()
@OfTopics()
export class ChatRoomParticipantsTopic extends ChatRoomTopic {
  readonly rows = rowsOf('chat_room_participants', 'participant');
}

/** The rooms that the member has pinned. */
@Injectable()
@OfTopics()
export class ChatRoomPinsTopic extends TableTopic {
  readonly rows: TopicRows = {
    table: 'chat_room_pins',
    changeIn: ({ type, action, stream, resource }) => {
      const pinned = action === 'pinned' ? 'created' : 'deleted';
      if (type !== 'chat_room' || !resource || (action !== 'pinned' && action !== 'unpinned')) return null;
      return { action: pinned, key: `${stream}/${String(resource.chat_room_id)}`, row: resource };
    },
  };

  roomsFor({ memberId }: MemberIdentity): TopicRooms {
    return { main: memberPath(memberId) };
  }
}

/** Of a room as one member sees it what everybody in it sees. */
function sharedOf(row: JsonObject): JsonObject {
  return Object.fromEntries(SHARED_FIELDS.filter((name) => name in row).map((name) => [name, row[name]!]));
}
