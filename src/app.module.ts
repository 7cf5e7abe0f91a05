import { type DynamicModule, Module, type Type } from '@nestjs/common';
import { AccessModule } from './access/access.module.js';
import { AsyncApiController } from './asyncapi.controller.js';
import { AuthModule } from './auth/auth.module.js';
import { CommonModule } from './common/common.module.js';
import { ConfigModule } from './config/config.module.js';
import type { Settings } from './config/settings.js';
import { DatabaseModule } from './database/database.module.js';
import type { EmbeddedDatabase } from './database/embedded/embedded-database.js';
import { EventsModule } from './events/events.module.js';
import { HealthModule } from './health/health.module.js';
import { MetricsModule } from './metrics/metrics.module.js';
import { IdempotencyModule } from './idempotency/idempotency.module.js';
import { LimitsModule } from './limits/limits.module.js';
import { AccountsModule } from './modules/accounts/index.js';
import { ApiKeysModule } from './modules/api-keys/index.js';
import { LoginModule } from './modules/auth/index.js';
import { ChannelsModule } from './modules/channels/index.js';
import { ChatRoomsModule } from './modules/chat-rooms/index.js';
import { GroupsModule } from './modules/groups/index.js';
import { MembersModule } from './modules/members/index.js';
import { MessagesModule } from './modules/messages/index.js';
import { NotificationsModule } from './modules/notifications/index.js';
import { ObjectsModule } from './modules/objects/index.js';
import { ResourcesModule } from './modules/resources/index.js';
import { CircleModule } from './dialects/circle/circle.module.js';
import { DaptinModule } from './dialects/daptin/daptin.module.js';
import { MsquaredModule } from './dialects/msquared/msquared.module.js';
import { SyncanoModule } from './dialects/syncano/syncano.module.js';
import { TwakeModule } from './dialects/twake/twake.module.js';
import { RealtimeModule } from './realtime/realtime.module.js';
import { RootController } from './root.controller.js';

/** The core: what every feature may use. */
const CORE = [
  CommonModule,
  EventsModule,
  AuthModule,
  AccessModule,
  RealtimeModule,
  HealthModule,
  MetricsModule,
  IdempotencyModule,
];

/** The features, one line each: removing one is removing its folder and its line. */
const FEATURES: Type[] = [
  AccountsModule,
  ApiKeysModule,
  LoginModule,
  MembersModule,
  GroupsModule,
  ChannelsModule,
  ChatRoomsModule,
  MessagesModule,
  NotificationsModule,
  ObjectsModule,
  ResourcesModule,
];

/** The wire protocols, one line each. */
const DIALECTS: Type[] = [CircleModule, DaptinModule, MsquaredModule, SyncanoModule, TwakeModule];

/** The table of contents of the server. */
@Module({ controllers: [AsyncApiController, RootController] })
export class AppModule {
  static forRoot(settings: Settings, embedded: EmbeddedDatabase | null, more: Type[] = []): DynamicModule {
    return {
      module: AppModule,
      imports: [
        ConfigModule.forRoot(settings),
        DatabaseModule.forRoot(embedded),
        ...CORE,
        LimitsModule.forRoot(settings),
        ...FEATURES,
        ...DIALECTS,
        ...more,
      ],
    };
  }
}
