import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { freePort } from './free-port.mjs';
import { endLater, start, waitFor } from './processes.mjs';

/** A Redis for several nodes: BENCH_REDIS_URL, or a private one; null where there is none. */
export async function openRedis() {
  if (process.env.BENCH_REDIS_URL) return process.env.BENCH_REDIS_URL;
  const installed = process.env.PATH.split(delimiter).some((folder) => existsSync(join(folder, 'redis-server')));
  if (!installed) return null;
  const folder = mkdtempSync(join(tmpdir(), 'roomcast-bench-redis-'));
  endLater(async () => rmSync(folder, { recursive: true, force: true }));
  const port = await freePort();
  const redis = start('redis-server', ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--dir', folder]);
  await waitFor(redis, (output) => /ready to accept connections/i.test(output), 'Redis');
  return `redis://127.0.0.1:${port}`;
}
