import { Global, Module } from '@nestjs/common';
import { DiscoveryModule } from '@nestjs/core';
import { AccessChanges } from './access-changes.service.js';
import { Drain } from './drain.js';
import { Hub } from './hub.js';
import { Presence } from './presence/presence.js';
import { PresenceController } from './presence/presence.controller.js';
import { OwnPresenceRooms, PresenceRooms } from './presence/presence.rooms.js';
import { RoomDirectory } from './room-directory.js';
import { RoomJoiner } from './room-joiner.js';
import { RoomTokenIssuer } from './room-token-issuer.js';
import { RoomTokensController } from './room-tokens.controller.js';
import { SessionRegistry } from './session-registry.js';
import { Waiters } from './waiters.js';

/** How an event reaches a client, whatever the dialect. */
@Global()
@Module({
  imports: [DiscoveryModule],
  controllers: [PresenceController, RoomTokensController],
  providers: [
    AccessChanges,
    Drain,
    Hub,
    OwnPresenceRooms,
    Presence,
    PresenceRooms,
    RoomDirectory,
    RoomJoiner,
    RoomTokenIssuer,
    SessionRegistry,
    Waiters,
  ],
  exports: [Drain, Hub, Presence, RoomDirectory, RoomJoiner, RoomTokenIssuer, SessionRegistry, Waiters],
})
export class RealtimeModule {}
