import { Injectable } from '@nestjs/common';
import { Authenticator } from '../../auth/authenticator.js';
import { Settings } from '../../config/settings.js';
import { Outages } from '../../database/outages.js';
import { RateLimits } from '../../limits/rate-limits.js';
import { RoomJoiner } from '../../realtime/room-joiner.js';
import { SessionRegistry } from '../../realtime/session-registry.js';
import { LiveHeartbeat } from './live.heartbeat.js';
import { LivePublishing } from './live.publishing.js';
import { LiveTopics } from './live.topics.js';

/** What all connections share: the parts of the core that they use. */
@Injectable()
export class LiveDoor {
  constructor(
    readonly authenticator: Authenticator,
    readonly topics: LiveTopics,
    readonly publishing: LivePublishing,
    readonly heartbeat: LiveHeartbeat,
    readonly joiner: RoomJoiner,
    readonly sessions: SessionRegistry,
    readonly limits: RateLimits,
    readonly outages: Outages,
    readonly settings: Settings,
  ) {}
}
