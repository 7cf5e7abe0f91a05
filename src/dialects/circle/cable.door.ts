import { Injectable } from '@nestjs/common';
import { Authenticator } from '../../auth/authenticator.js';
import { Settings } from '../../config/settings.js';
import { Outages } from '../../database/outages.js';
import { EventLog } from '../../events/event-log.js';
import { RateLimits } from '../../limits/rate-limits.js';
import { RoomJoiner } from '../../realtime/room-joiner.js';
import { SessionRegistry } from '../../realtime/session-registry.js';
import { CableChannels } from './cable.channels.js';
import { CableHeartbeat } from './cable.heartbeat.js';
import { CableRestore } from './cable.restore.js';

/** What all connections share: the parts of the core that they use. */
@Injectable()
export class CableDoor {
  constructor(
    readonly authenticator: Authenticator,
    readonly channels: CableChannels,
    readonly heartbeat: CableHeartbeat,
    readonly restore: CableRestore,
    readonly joiner: RoomJoiner,
    readonly sessions: SessionRegistry,
    readonly log: EventLog,
    readonly limits: RateLimits,
    readonly outages: Outages,
    readonly settings: Settings,
  ) {}
}
