import { Injectable, type Type } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import type { DataSource } from 'typeorm';
import { rowsOf, type TopicRows } from '../realtime/topics/topic-rows.js';
import { OfTopics, TableTopic, type TopicRooms } from '../realtime/topics/topic-source.js';
import { definitionOf, type RecordClass, type StoredRow } from './record-definition.js';

/** The topic of the records' table: the room of all. */
export function recordTopic<Row extends StoredRow>(entity: RecordClass<Row>): Type<TableTopic> {
  const definition = definitionOf(entity);

  @Injectable()
  @OfTopics()
  class RecordTopic extends TableTopic {
    readonly rows: TopicRows;

    constructor(@InjectDataSource() dataSource: DataSource) {
      super();
      this.rows = rowsOf(dataSource.getMetadata(entity).tableName, definition.type);
    }

    roomsFor(): TopicRooms {
      return { main: definition.path };
    }
  }
  return RecordTopic;
}
