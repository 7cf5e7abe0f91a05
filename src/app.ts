import 'reflect-metadata';
import type { AddressInfo } from 'node:net';
import { type DynamicModule, Logger, type Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { serveApiDocs } from './api-docs.js';
import { AppModule } from './app.module.js';
import { directRoutes } from './common/http/direct-routes.js';
import { HttpErrorFilter } from './common/http/http-error.filter.js';
import { corsOrigin } from './common/http/origins.js';
import { validateParameters } from './common/http/parameter-validation.js';
import { RoomcastAdapter } from './common/http/roomcast.adapter.js';
import { AppLogger } from './common/logging/app-logger.js';
import { ConfigurationError } from './config/configuration-error.js';
import { loadSettings } from './config/load-settings.js';
import type { Settings } from './config/settings.js';
import { EmbeddedDatabase } from './database/embedded/embedded-database.js';
import { leave } from './leave.js';
import { WebSocketAdapter } from './realtime/web-socket.adapter.js';

export interface AppOptions {
  /** The environment to configure from; nothing else is read. */
  env: Readonly<Record<string, string | undefined>>;
  /** Writes nothing but errors, whatever the settings say. */
  quiet?: boolean;
  /** A dump that an embedded database in memory starts from. */
  databaseImage?: string;
  /** Feature modules beside our own: what a team, or a test, adds. */
  modules?: Type[];
}

export interface RoomcastApp {
  app: NestFastifyApplication;
  settings: Settings;
  /** Takes the port and gives the address under which it answers. */
  listen(): Promise<string>;
  close(): Promise<void>;
}

/** Puts the server together, for main, for the tests and for the demo alike; it answers after `listen`. */
export async function createApp({ env, quiet = false, databaseImage, modules }: AppOptions): Promise<RoomcastApp> {
  const settings = loadSettings(env);
  const logger = new AppLogger({ level: quiet ? 'error' : settings.logLevel, readable: !settings.production });
  Logger.overrideLogger(logger);
  const embedded = settings.embeddedDatabase
    ? new EmbeddedDatabase({ dataDir: settings.dataDir, image: databaseImage })
    : null;
  try {
    const app = await assemble(AppModule.forRoot(settings, embedded, modules), settings, logger);
    let leaving: Promise<void> | undefined;
    return { app, settings, listen: () => listen(app, settings), close: () => (leaving ??= leave(app)) };
  } catch (error) {
    await embedded?.close();
    throw error;
  }
}

async function assemble(module: DynamicModule, settings: Settings, logger: AppLogger): Promise<NestFastifyApplication> {
  const adapter = new RoomcastAdapter({ ...settings, requestLines: settings.debugging });
  const app = await NestFactory.create<NestFastifyApplication>(module, adapter, { logger, abortOnError: false });
  app.useWebSocketAdapter(new WebSocketAdapter(app));
  validateParameters(app);
  const errors = new HttpErrorFilter();
  app.useGlobalFilters(errors);
  adapter.directRoutes = directRoutes(app, errors);
  app.enableCors({
    origin: corsOrigin(settings.allowedOrigins),
    credentials: true,
    methods: ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'],
    exposedHeaders: ['x-request-id', 'retry-after', 'idempotency-replayed', 'x-last-id', 'etag'],
    // Who asks for the options without being a browser gets no answer in plain text.
    strictPreflight: false,
  });
  serveApiDocs(app);
  await app.init();
  adapter.lane.open(app.getHttpServer());
  return app;
}

async function listen(app: NestFastifyApplication, settings: Settings): Promise<string> {
  try {
    await app.listen(settings.port, settings.host);
  } catch (error) {
    await app.close();
    if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error;
    throw new ConfigurationError([`PORT: ${settings.port} is in use by another process`]);
  }
  const { port } = app.getHttpServer().address() as AddressInfo;
  const host = settings.host.includes(':') ? `[${settings.host}]` : settings.host;
  return `http://${host}:${port}`;
}
