import { Injectable } from '@nestjs/common';
import type { MemberIdentity } from '../../auth/identity.js';
import { rowsOf } from '../../realtime/topics/topic-rows.js';
import { OfTopics, TableTopic, type TopicRooms } from '../../realtime/topics/topic-source.js';
import { memberPath } from '../members/index.js';

/** The member's own notifications. */
@Injectable()
@OfTopics()
export class NotificationsTopic extends TableTopic {
  readonly rows = rowsOf('notifications', 'notification');

  roomsFor({ memberId }: MemberIdentity): TopicRooms {
    return { main: memberPath(memberId) };
  }
}
