import { type DynamicModule, Module, type Type } from '@nestjs/common';
import type { MigrationInterface } from 'typeorm';
import { DatabaseModule } from '../database/database.module.js';
import type { RecordClass, StoredRow } from './record-definition.js';
import { recordAccess } from './record.access.js';
import { recordNews } from './record.news.js';
import { recordRooms } from './record.rooms.js';
import { recordSubscriber } from './record.subscriber.js';
import { recordTopic } from './record.topic.js';
import { recordsServiceOf } from './records.service.js';

/** What a feature imports to have records: their table, events, rooms, access rule and service. */
@Module({})
export class RecordsModule {
  static of<Row extends StoredRow>(
    entity: RecordClass<Row>,
    migrations: Type<MigrationInterface>[] = [],
  ): DynamicModule {
    const service = recordsServiceOf(entity);
    return {
      module: RecordsModule,
      imports: [DatabaseModule.forFeature({ entities: [entity], migrations })],
      providers: [
        recordSubscriber(entity),
        recordAccess(entity),
        recordNews(entity),
        ...recordRooms(entity),
        recordTopic(entity),
        service,
      ],
      exports: [service],
    };
  }
}
