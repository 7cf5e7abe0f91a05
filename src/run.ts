import process from 'node:process';
import { Logger } from '@nestjs/common';
import { createApp, type RoomcastApp } from './app.js';
import { banner } from './banner.js';
import { ConfigurationError } from './config/configuration-error.js';
import { processEnvironment } from './config/process-environment.js';
import type { Departure } from './departure.js';

/** After this long, beside the time to drain, a shutdown that hangs is given up. */
const SHUTDOWN_LIMIT_MS = 15_000;

const logger = new Logger('Roomcast');

/** The process: boots, says where it listens, and leaves in order when it is told to. */
export async function run(departure: Departure): Promise<void> {
  process.on('uncaughtException', fail);
  process.on('unhandledRejection', fail);
  const roomcast = await createApp({ env: processEnvironment() }).catch((error: unknown) =>
    // Nobody waits any more for a boot that was told to stop.
    departure.wanted === null ? fail(error) : process.exit(0),
  );
  const listening = departure.wanted === null ? roomcast.listen() : null;
  departure.leadsTo((signal) => leaveInOrder(roomcast, signal, listening !== null));
  try {
    if (listening) announce(roomcast, await listening);
  } catch (error) {
    if (departure.wanted === null) fail(error);
  }
}

function announce({ settings }: RoomcastApp, url: string): void {
  if (!settings.production && settings.logLevel !== 'silent') process.stdout.write(`${banner(settings, url)}\n`);
  // The one line that scripts wait for, whatever the log level.
  process.stdout.write(readyLine(url, settings.production));
}

function readyLine(url: string, production: boolean): string {
  const msg = `listening on ${url}`;
  return `${production ? JSON.stringify({ level: 30, time: new Date().toISOString(), msg }) : `  ${msg}`}\n`;
}

/** Where nobody has come yet, nobody has to be sent away. */
function leaveInOrder({ app, settings, close }: RoomcastApp, signal: string, listening: boolean): void {
  logger.log(`Shutting down (${signal})`);
  const drainMs = listening ? settings.drainDelayMs + settings.drainSpreadMs : 0;
  setTimeout(() => process.exit(1), drainMs + SHUTDOWN_LIMIT_MS).unref();
  (listening ? close() : app.close()).then(
    () => process.exit(0),
    (error: unknown) => {
      logger.error(error, 'The shutdown failed');
      process.exit(1);
    },
  );
}

function fail(error: unknown): never {
  // A person reads this one, so it is text, and without a stack.
  if (error instanceof ConfigurationError) process.stderr.write(`${error.message}\n`);
  else logger.fatal(error, 'Roomcast stopped:');
  process.exit(1);
}
