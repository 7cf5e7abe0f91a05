import { Injectable } from '@nestjs/common';
import type { MemberIdentity } from '../../auth/identity.js';
import { rowsOf } from '../../realtime/topics/topic-rows.js';
import { OfTopics, TableTopic, type TopicRooms } from '../../realtime/topics/topic-source.js';
import { ownResourcesRoom, resourceListRooms } from './resources.streams.js';

/** All documents that a member may read: their own, and those of everybody. */
@Injectable()
@OfTopics()
export class ResourcesTopic extends TableTopic {
  readonly rows = rowsOf('resources', 'resource', (_row, { path }) => path);

  roomsFor({ memberId }: MemberIdentity): TopicRooms {
    return { main: ownResourcesRoom(memberId), others: () => Promise.resolve([resourceListRooms.shared]) };
  }
}
