import { Logger } from '@nestjs/common';
import { HealthIndicatorService } from '@nestjs/terminus';
import type { DataSource } from 'typeorm';
import { Drain } from '../realtime/drain.js';
import { SessionRegistry } from '../realtime/session-registry.js';
import type { Waiters } from '../realtime/waiters.js';
import { Readiness } from './readiness.js';

describe('readiness', () => {
  const lines: unknown[] = [];
  const keep = (line: unknown): void => void lines.push(line);
  beforeAll(() => Logger.overrideLogger({ log: keep, warn: keep, error: keep }));
  const drain = new Drain(new SessionRegistry(), { all: () => [] } as unknown as Waiters);
  const readiness = (query: () => Promise<unknown>): Readiness =>
    new Readiness({ query } as unknown as DataSource, new HealthIndicatorService(), drain);

  it('is down while the database refuses, and up again as soon as it answers', async () => {
    let away = true;
    const node = readiness(async () => {
      if (away) throw new Error('ECONNREFUSED');
    });
    expect(await node.database()).toMatchObject({ database: { status: 'down' } });
    away = false;
    expect(await node.database()).toMatchObject({ database: { status: 'up' } });
  });

  it('is told in the log when it changes, and not by every probe', async () => {
    let away = false;
    const node = readiness(async () => {
      if (away) throw new Error('ECONNREFUSED');
    });
    lines.length = 0;
    for (const next of [false, true, true, true, false, false]) {
      away = next;
      await node.database();
    }
    expect(lines).toEqual([expect.stringContaining('not ready'), expect.stringContaining('ready')]);
  });

  it('answers in time when the database does not, and asks it only once', async () => {
    let asked = 0;
    const node = readiness(() => {
      asked += 1;
      return new Promise(() => undefined);
    });
    const answers = await Promise.all([node.database(), node.database(), node.database()]);
    for (const answer of answers) expect(answer).toMatchObject({ database: { status: 'down' } });
    expect(asked).toBe(1);
  });

  it('is down while the node leaves', () => {
    const node = readiness(async () => undefined);
    expect(node.server()).toMatchObject({ server: { status: 'up' } });
    drain.begin();
    expect(node.server()).toMatchObject({ server: { status: 'down' } });
  });
});
