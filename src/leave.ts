import { setTimeout as pause } from 'node:timers/promises';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { RoomcastAdapter } from './common/http/roomcast.adapter.js';
import { Settings } from './config/settings.js';
import { Drain } from './realtime/drain.js';
import { Presence } from './realtime/presence/presence.js';

/** Requests that were begun may take this long to end. */
const REQUEST_LIMIT_MS = 10_000;

/**
 * Stops a server without hurting anybody: probes say first that it leaves, then its clients are sent away over some time,
 * requests end, and only then everything closes, the database last.
 */
export async function leave(app: NestFastifyApplication): Promise<void> {
  const { drainDelayMs, drainSpreadMs } = app.get(Settings);
  const { traffic } = app.getHttpAdapter() as unknown as RoomcastAdapter;
  const drain = app.get(Drain);

  drain.begin();
  traffic.leaving = true;
  if (drainDelayMs > 0) await pause(drainDelayMs);
  await drain.sendAway(drainSpreadMs);
  app.get(Presence).sayGoodbye();
  traffic.refusing = true;
  await traffic.idle(REQUEST_LIMIT_MS);
  await app.close();
}
