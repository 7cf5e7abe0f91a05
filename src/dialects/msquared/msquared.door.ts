import { Injectable } from '@nestjs/common';
import { Settings } from '../../config/settings.js';
import { Outages } from '../../database/outages.js';
import { RateLimits } from '../../limits/rate-limits.js';
import { ResourcesService } from '../../modules/resources/index.js';
import { RoomJoiner } from '../../realtime/room-joiner.js';
import { SessionRegistry } from '../../realtime/session-registry.js';
import { MsquaredHeartbeat } from './msquared.heartbeat.js';

/** What all connections share: the parts of the core that they use. */
@Injectable()
export class MsquaredDoor {
  constructor(
    readonly resources: ResourcesService,
    readonly heartbeat: MsquaredHeartbeat,
    readonly joiner: RoomJoiner,
    readonly sessions: SessionRegistry,
    readonly limits: RateLimits,
    readonly outages: Outages,
    readonly settings: Settings,
  ) {}
}
