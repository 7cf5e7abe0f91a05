import { Injectable } from '@nestjs/common';
import type { MemberIdentity } from '../../auth/identity.js';
import { rowsOf } from '../../realtime/topics/topic-rows.js';
import { OfTopics, TableTopic, type TopicRooms } from '../../realtime/topics/topic-source.js';
import { memberPath } from '../members/index.js';

/** The groups that the member comes into and leaves; who else is in them is told to nobody. */
@Injectable()
@OfTopics()
export class GroupMembersTopic extends TableTopic {
  readonly rows = rowsOf(
    'group_members',
    'group_member',
    ({ group_id, member_id }) => `${String(group_id)}/${String(member_id)}`,
  );

  roomsFor({ memberId }: MemberIdentity): TopicRooms {
    return { main: memberPath(memberId) };
  }
}
