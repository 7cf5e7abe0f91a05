import { Global, Module } from '@nestjs/common';
import { DiscoveryModule } from '@nestjs/core';
import { AccessChanges } from './access-changes.service.js';
import { Doors } from './asyncapi/doors.js';
import { Drain } from './drain.js';
import { EventStreamDescription } from './event-stream/event-stream.asyncapi.js';
import { EventStreamController } from './event-stream/event-stream.controller.js';
import { EventStreams } from './event-stream/event-streams.js';
import { Hub } from './hub.js';
import { Presence } from './presence/presence.js';
import { PresenceController } from './presence/presence.controller.js';
import { OwnPresenceRooms, PresenceRooms } from './presence/presence.rooms.js';
import { RoomDirectory } from './room-directory.js';
import { RoomJoiner } from './room-joiner.js';
import { RoomTokenIssuer } from './room-token-issuer.js';
import { RoomTokensController } from './room-tokens.controller.js';
import { SessionRegistry } from './session-registry.js';
import { TopicDirectory } from './topics/topic-directory.js';
import { UpgradeRouter } from './upgrade-router.js';
import { Waiters } from './waiters.js';

/** How an event reaches a client, whatever the dialect. */
@Global()
@Module({
  imports: [DiscoveryModule],
  controllers: [EventStreamController, PresenceController, RoomTokensController],
  providers: [
    AccessChanges,
    Doors,
    Drain,
    EventStreamDescription,
    EventStreams,
    Hub,
    OwnPresenceRooms,
    Presence,
    PresenceRooms,
    RoomDirectory,
    RoomJoiner,
    RoomTokenIssuer,
    SessionRegistry,
    TopicDirectory,
    UpgradeRouter,
    Waiters,
  ],
  exports: [
    Doors,
    Drain,
    Hub,
    Presence,
    RoomDirectory,
    RoomJoiner,
    RoomTokenIssuer,
    SessionRegistry,
    TopicDirectory,
    UpgradeRouter,
    Waiters,
  ],
})
export class RealtimeModule {}
