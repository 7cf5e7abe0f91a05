import { Injectable } from '@nestjs/common';
import { Settings } from '../../config/settings.js';
import { WebSocketHeartbeat } from '../../realtime/web-socket-heartbeat.js';

/** Pings the connections of this door. */
@Injectable()
export class MsquaredHeartbeat extends WebSocketHeartbeat {
  protected readonly intervalMs: number;

  constructor(settings: Settings) {
    super();
    this.intervalMs = settings.realtimePingIntervalMs;
  }
}
