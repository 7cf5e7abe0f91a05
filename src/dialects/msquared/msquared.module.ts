import { Module } from '@nestjs/common';
import { HealthModule } from '../../health/health.module.js';
import { ResourcesModule } from '../../modules/resources/index.js';
import { MsquaredDescription } from './msquared.asyncapi.js';
import { MsquaredDoor } from './msquared.door.js';
import { MsquaredGuests } from './msquared.guests.js';
import { MsquaredHeartbeat } from './msquared.heartbeat.js';
import { MsquaredServer } from './msquared.server.js';
import { StatusController } from './status.controller.js';
import { StatusPaths } from './status.paths.js';

/** Dialect: resources over the WebSocket of MSquared's realtime service. */
@Module({
  imports: [HealthModule, ResourcesModule],
  controllers: [StatusController],
  providers: [MsquaredDescription, MsquaredDoor, MsquaredGuests, MsquaredHeartbeat, MsquaredServer, StatusPaths],
})
export class MsquaredModule {}
