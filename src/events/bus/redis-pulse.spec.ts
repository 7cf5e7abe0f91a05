import { EventEmitter } from 'node:events';
import type { Redis } from 'ioredis';
import { RedisPulse } from './redis-pulse.js';

const BEAT_MS = 3_000;

/** A connection that answers as the test wants it to. */
class FakeRedis extends EventEmitter {
  status = 'ready';
  answers = true;
  readonly renewed: boolean[] = [];

  ping(): Promise<string> {
    return this.answers ? Promise.resolve('PONG') : new Promise(() => undefined);
  }

  disconnect(reconnect: boolean): void {
    this.renewed.push(reconnect);
  }
}

describe('the pulse of a Redis', () => {
  let redis: FakeRedis;
  let pulse: RedisPulse;
  const beat = (): Promise<void> => jest.advanceTimersByTimeAsync(BEAT_MS);
  beforeEach(() => {
    jest.useFakeTimers();
    redis = new FakeRedis();
    pulse = new RedisPulse(redis as unknown as Redis);
    pulse.start();
  });
  afterEach(() => {
    pulse.stop();
    jest.useRealTimers();
  });

  it('leaves a connection alone that answers', async () => {
    for (let beats = 0; beats < 10; beats += 1) await beat();
    expect(redis.renewed).toEqual([]);
  });

  it('has one that no longer answers connect anew, and goes on when that helped', async () => {
    redis.answers = false;
    await beat();
    await beat();
    expect(redis.renewed).toEqual([true]);
    redis.emit('close');
    redis.answers = true;
    redis.emit('ready');
    for (let beats = 0; beats < 10; beats += 1) await beat();
    expect(redis.renewed).toEqual([true]);
  });

  it('does not wait for ever for one that does not get ready', async () => {
    redis.status = 'connect';
    await beat();
    await beat();
    expect(redis.renewed).toEqual([true]);
  });

  it('leaves one alone that is about to connect by itself', async () => {
    redis.status = 'reconnecting';
    for (let beats = 0; beats < 10; beats += 1) await beat();
    expect(redis.renewed).toEqual([]);
  });
});
