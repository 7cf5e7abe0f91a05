import { Injectable } from '@nestjs/common';
import { rowsOf } from '../../realtime/topics/topic-rows.js';
import { OfTopics, TableTopic, type TopicRooms } from '../../realtime/topics/topic-source.js';
import { MEMBERS_ROOM } from './member.streams.js';

/** The people of the workspace, as everybody in it sees them. */
@Injectable()
@OfTopics()
export class MembersTopic extends TableTopic {
  readonly rows = rowsOf('members', 'member');

  roomsFor(): TopicRooms {
    return { main: MEMBERS_ROOM };
  }
}
