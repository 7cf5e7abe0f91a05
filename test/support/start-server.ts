import type { Type } from '@nestjs/common';
import { createApp, type RoomcastApp } from '../../src/app.js';
import { databaseImage } from './database-image.js';
import { watchFrames } from './frame-watch.js';
import { HttpClient } from './http-client.js';
import { createPrivateDatabase, type PrivateDatabase } from './private-database.js';
import { watchReplies } from './reply-watch.js';
import { TEST_DATABASE_URL, TEST_REDIS_URL } from './services.js';

type Variables = Record<string, string | undefined>;

export interface TestServer extends RoomcastApp {
  url: string;
  http: HttpClient;
}

export interface StartOptions {
  /** Settings that the test cares about, over those that every test has. */
  env?: Variables;
  /** Feature modules that only the test knows. */
  modules?: Type[];
}

const SHARED: Variables = { NODE_ENV: 'test', HOST: '127.0.0.1', PORT: '0', DATA_DIR: 'memory://', RATE_LIMITS: 'off' };

/**
 * The whole server in this process, on a free port: with the embedded database in memory, or, when TEST_DATABASE_URL is
 * set, with a database of its own on that PostgreSQL, dropped at `close`.
 */
export async function startServer({ env = {}, modules }: StartOptions = {}): Promise<TestServer> {
  const needsOwn = TEST_DATABASE_URL !== null && env.DATABASE_URL === undefined && env.DATA_DIR === undefined;
  const database = needsOwn ? await createPrivateDatabase() : null;
  try {
    return await start(
      { REDIS_URL: TEST_REDIS_URL ?? undefined, DATABASE_URL: database?.url, ...env },
      database,
      modules,
    );
  } catch (error) {
    await database?.drop();
    throw error;
  }
}

/** Two nodes on one PostgreSQL and one Redis; tests that use it are declared by `itWith(['postgres', 'redis'], ...)`. */
export async function startTwoNodes({ env = {}, modules }: StartOptions = {}): Promise<{
  nodes: [TestServer, TestServer];
  close(): Promise<void>;
}> {
  if (TEST_REDIS_URL === null) throw new Error('TEST_REDIS_URL is not set');
  const database = await createPrivateDatabase();
  const shared = {
    DATABASE_URL: database.url,
    REDIS_URL: TEST_REDIS_URL,
    JWT_SECRET: 'the-same-secret-on-every-node-of-a-test',
    ADMIN_EMAIL: 'admin@example.com',
    ADMIN_PASSWORD: 'a password of the tests',
    ...env,
  };
  const nodes = await Promise.all([start(shared, null, modules), start(shared, null, modules)]);
  const close = async (): Promise<void> => {
    await Promise.all(nodes.map((node) => node.close()));
    await database.drop();
  };
  return { nodes, close };
}

async function start(env: Variables, database: PrivateDatabase | null, modules?: Type[]): Promise<TestServer> {
  const image = await databaseImage();
  const roomcast = await createApp({ env: { ...SHARED, ...env }, quiet: true, databaseImage: image, modules });
  const url = await roomcast.listen();
  watchFrames(roomcast.app);
  watchReplies(roomcast.app);
  const close = async (): Promise<void> => {
    await roomcast.close();
    await database?.drop();
  };
  return { ...roomcast, url, http: new HttpClient(url), close };
}
