import { Module } from '@nestjs/common';
import { ChannelsModule } from '../../modules/channels/index.js';
import { LiveDescription } from './live.asyncapi.js';
import { LiveDoor } from './live.door.js';
import { LiveHeartbeat } from './live.heartbeat.js';
import { LivePublishing } from './live.publishing.js';
import { LiveServer } from './live.server.js';
import { LiveTopics } from './live.topics.js';

/** Dialect: the topics of Daptin over a WebSocket. */
@Module({
  imports: [ChannelsModule],
  providers: [LiveDescription, LiveDoor, LiveHeartbeat, LivePublishing, LiveServer, LiveTopics],
})
export class DaptinModule {}
