import { Injectable, type Type } from '@nestjs/common';
import { RoomNews } from '../realtime/asyncapi/room-news.js';
import { topicNews } from '../realtime/topics/topic-message.js';
import { definitionOf, type RecordClass, type StoredRow } from './record-definition.js';
import { recordPath } from './record.streams.js';

/** What the rooms of records tell, in `/asyncapi.json`: their views. */
export function recordNews<Row extends StoredRow>(entity: RecordClass<Row>): Type<RoomNews> {
  const definition = definitionOf(entity);
  const { type, path, view, ownRooms } = definition;
  const told = { [type]: view };

  @Injectable()
  class RecordNews extends RoomNews {
    readonly from = path.slice(1);
    readonly rooms = {
      [path]: { ...told, ...topicNews },
      ...(ownRooms && { [recordPath(definition, ':id')]: told }),
    };
  }
  return RecordNews;
}
