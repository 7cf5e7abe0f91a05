import { Module } from '@nestjs/common';
import { ChatRoomsModule } from '../../modules/chat-rooms/index.js';
import { CableDescription } from './cable.asyncapi.js';
import { CableChannels } from './cable.channels.js';
import { CableDoor } from './cable.door.js';
import { CableHeartbeat } from './cable.heartbeat.js';
import { CableRestore } from './cable.restore.js';
import { CableServer } from './cable.server.js';

/** Dialect: chat and notifications over ActionCable. */
@Module({
  imports: [ChatRoomsModule],
  providers: [CableChannels, CableDescription, CableDoor, CableHeartbeat, CableRestore, CableServer],
})
export class CircleModule {}
