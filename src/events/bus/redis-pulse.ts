import type { Redis } from 'ioredis';

const BEAT_MS = 3_000;

/**
 * Notices a Redis that no longer answers although its connection stands, as when its host is gone, and has the client
 * connect anew. Nothing else would: who only listens cannot tell silence from peace.
 */
export class RedisPulse {
  private unanswered = false;
  private timer: NodeJS.Timeout | undefined;

  constructor(private readonly redis: Redis) {
    const heard = (): void => void (this.unanswered = false);
    redis.on('ready', heard).on('close', heard);
  }

  start(): void {
    this.timer = setInterval(() => this.beat(), BEAT_MS).unref();
  }

  stop(): void {
    clearInterval(this.timer);
  }

  private beat(): void {
    const { status } = this.redis;
    if (this.unanswered) {
      this.unanswered = false;
      this.redis.disconnect(true);
    } else if (status === 'ready' || status === 'connect') {
      this.unanswered = true;
      if (status === 'ready') this.redis.ping().then(this.answered, () => undefined);
    }
  }

  private readonly answered = (): void => {
    this.unanswered = false;
  };
}
