import { Logger } from '@nestjs/common';
import { Redis } from 'ioredis';
import { RateLimiterRedis, RateLimiterRes } from 'rate-limiter-flexible';
import { RedisPulse } from '../events/bus/redis-pulse.js';
import type { LimitName } from './limit-settings.js';
import type { Allowance } from './local-window.js';

/** A Redis that does not answer holds a request up no longer than this, and then no other one for a while. */
const ANSWER_MS = 250;
const PAUSE_MS = 1_000;

/** Counts in Redis, for all nodes together. */
export class SharedWindows {
  private readonly logger = new Logger('RateLimits');
  private readonly redis: Redis;
  private readonly pulse: RedisPulse;
  private limiters: Map<string, RateLimiterRedis> | null = null;
  private pausedUntil = 0;
  private away = false;

  constructor(url: string) {
    this.redis = new Redis(url, {
      lazyConnect: true,
      enableOfflineQueue: false,
      maxRetriesPerRequest: 0,
      commandTimeout: ANSWER_MS,
      retryStrategy: (attempt: number) => Math.min(attempt * 100, 2_000),
    });
    this.pulse = new RedisPulse(this.redis);
    this.redis.on('error', (error: Error) => this.lost(error));
    this.redis.on('ready', () => {
      this.away = false;
      this.pausedUntil = 0;
    });
  }

  /** @param database only nodes of one database count together. */
  start(database: string, allowances: Record<LimitName, Allowance>): void {
    this.limiters = new Map(
      Object.entries(allowances).map(([name, { times, windowSeconds }]) => [
        name,
        new RateLimiterRedis({
          storeClient: this.redis,
          keyPrefix: `roomcast:${database}:limit:${name}`,
          points: times,
          duration: windowSeconds,
          // Those who are refused already are no more work for Redis.
          inMemoryBlockOnConsumed: times + 1,
        }),
      ]),
    );
    void this.redis.connect().catch(() => undefined);
    this.pulse.start();
  }

  /** Whether it makes sense to ask now. */
  get available(): boolean {
    return this.limiters !== null && this.redis.status === 'ready' && Date.now() >= this.pausedUntil;
  }

  /** Counts one more; gives the seconds to wait, 0 when it may happen now, or null when Redis did not answer. */
  async hit(limit: LimitName, key: string): Promise<number | null> {
    try {
      await this.limiters!.get(limit)!.consume(key);
      return 0;
    } catch (refusal) {
      if (refusal instanceof RateLimiterRes) return Math.max(1, Math.ceil(refusal.msBeforeNext / 1_000));
      this.lost(refusal as Error);
      return null;
    }
  }

  stop(): void {
    this.pulse.stop();
    this.redis.disconnect();
  }

  private lost(error: Error): void {
    if (!this.away) this.logger.warn(`Redis is away, each node counts for itself: ${error.message}`);
    this.away = true;
    this.pausedUntil = Date.now() + PAUSE_MS;
  }
}
