import { Injectable, type Type } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import type { DataSource } from 'typeorm';
import { AccessPolicy } from '../access/access-policy.js';
import type { MemberIdentity } from '../auth/identity.js';
import { rowsOf, type TopicRows } from '../realtime/topics/topic-rows.js';
import { OfTopics, TableTopic, type TopicRooms } from '../realtime/topics/topic-source.js';
import { definitionOf, type RecordClass, type StoredRow } from './record-definition.js';
import type { RecordThing } from './record.access.js';
import { recordStreams } from './record.streams.js';

/** The topic of the records' table: the room of all. */
export function recordTopic<Row extends StoredRow>(entity: RecordClass<Row>): Type<TableTopic> {
  const definition = definitionOf(entity);

  @Injectable()
  @OfTopics()
  class RecordTopic extends TableTopic {
    readonly rows: TopicRows;

    constructor(
      @InjectDataSource() dataSource: DataSource,
      private readonly policy: AccessPolicy,
    ) {
      super();
      this.rows = rowsOf(dataSource.getMetadata(entity).tableName, definition.type);
    }

    roomsFor({ workspaceId }: MemberIdentity): TopicRooms {
      const all: RecordThing = { kind: definition.type, id: null };
      const stream = recordStreams.list(definition, workspaceId);
      return { main: definition.path, floor: { stream, mayTalk: (member) => this.policy.can(member, 'create', all) } };
    }
  }
  return RecordTopic;
}
