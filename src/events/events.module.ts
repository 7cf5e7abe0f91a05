import { Global, Module } from '@nestjs/common';
import { DiscoveryModule } from '@nestjs/core';
import { getDataSourceToken } from '@nestjs/typeorm';
import type { DataSource } from 'typeorm';
import { Settings } from '../config/settings.js';
import { DatabaseModule } from '../database/database.module.js';
import { EventBus } from './bus/event-bus.js';
import { LocalBus } from './bus/local-bus.js';
import { RedisBus } from './bus/redis-bus.js';
import { RealtimeDrafts } from './crud/realtime.drafts.js';
import { RealtimeExplorer } from './crud/realtime.explorer.js';
import { EventCollector } from './event-collector.js';
import { EventLog } from './event-log.js';
import { AddEventVersion1763700750000 } from './event-version.migration.js';
import { CreateEventLog1763700000000 } from './event.migration.js';
import { EventWriter } from './event-writer.js';
import { Retention } from './retention.js';
import { AddStreamRules1763700790000 } from './stream-rules.migration.js';
import { WriteGuard } from './write-guard.js';

/** How a change becomes known: subscriber, log, bus. Knows no socket. */
@Global()
@Module({
  imports: [
    DatabaseModule.forFeature({
      entities: [],
      migrations: [CreateEventLog1763700000000, AddEventVersion1763700750000, AddStreamRules1763700790000],
    }),
    DiscoveryModule,
  ],
  providers: [
    {
      provide: EventBus,
      inject: [Settings, getDataSourceToken()],
      useFactory: (settings: Settings, dataSource: DataSource) =>
        settings.redisUrl ? new RedisBus(settings.redisUrl, () => readEpoch(dataSource)) : new LocalBus(),
    },
    EventCollector,
    EventLog,
    EventWriter,
    RealtimeDrafts,
    RealtimeExplorer,
    Retention,
    WriteGuard,
  ],
  exports: [EventBus, EventCollector, EventLog, EventWriter, Retention, WriteGuard],
})
export class EventsModule {}

async function readEpoch(dataSource: DataSource): Promise<string> {
  const rows = await dataSource.query<{ epoch: string }[]>('SELECT epoch FROM event_log_epoch');
  return rows[0]!.epoch;
}
