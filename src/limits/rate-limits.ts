import { Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { callerKey, type Identity } from '../auth/identity.js';
import { type DomainError, rateLimited } from '../common/domain-error.js';
import { Settings } from '../config/settings.js';
import { EventLog } from '../events/event-log.js';
import { allowances, type LimitName } from './limit-settings.js';
import { LocalWindow } from './local-window.js';
import { SharedWindows } from './shared-window.js';

/**
 * Counts what callers do and says when they have to wait: in Redis where nodes share one, in this process otherwise and
 * while Redis is away. Every door asks here.
 */
@Injectable()
export class RateLimits implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly local: Record<LimitName, LocalWindow> | null;
  private readonly shared: SharedWindows | null;

  constructor(
    private readonly settings: Settings,
    private readonly log: EventLog,
  ) {
    const on = settings.rateLimits === 'on';
    this.local = on ? localWindows(settings) : null;
    this.shared = on && settings.redisUrl !== null ? new SharedWindows(settings.redisUrl) : null;
  }

  async onApplicationBootstrap(): Promise<void> {
    this.shared?.start(await this.log.epoch(), allowances(this.settings));
  }

  onModuleDestroy(): void {
    this.shared?.stop();
  }

  /** Counts one more; gives the seconds to wait, or 0 when it may happen now. Only Redis makes it a promise. */
  hit(limit: LimitName, key: string): number | Promise<number> {
    if (this.local === null) return 0;
    const local = this.local[limit];
    if (!this.shared?.available) return local.hit(key);
    return this.shared.hit(limit, key).then((wait) => wait ?? local.hit(key));
  }

  /** One request over a socket; with the room that it speaks into, if any. */
  async socketRequest(identity: Identity, room?: string): Promise<number> {
    if (this.local === null) return 0;
    const socket = this.hit('socket', callerKey(identity));
    return Math.max(await socket, room === undefined ? 0 : await this.hit('room', roomKey(identity, room)));
  }
}

function localWindows(settings: Settings): Record<LimitName, LocalWindow> {
  const windows = Object.entries(allowances(settings)).map(([name, one]) => [name, new LocalWindow(one)]);
  return Object.fromEntries(windows) as Record<LimitName, LocalWindow>;
}

/** A room, by the name under which clients join it. */
export function roomKey({ workspaceId }: Identity, room: string): string {
  return `${workspaceId}${room.toLowerCase()}`;
}

export const TOO_MANY_REQUESTS = { code: 'request.rate_limited', message: 'Too many requests, try again later' };

export function tooManyRequests(retryAfter: number): DomainError {
  return rateLimited(TOO_MANY_REQUESTS.code, TOO_MANY_REQUESTS.message, { retry_after: retryAfter });
}
