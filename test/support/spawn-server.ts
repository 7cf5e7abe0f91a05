import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { HttpClient } from './http-client.js';

export interface SpawnedServer {
  url: string;
  http: HttpClient;
  pid: number;
  /** Everything that it wrote so far. */
  output(): string;
  /** Ends it at once, as a crash would. */
  kill(): Promise<void>;
  /** Asks it to leave, and gives its exit code. */
  stop(signal?: NodeJS.Signals): Promise<number | null>;
}

/** The compiled server that this file was compiled with. */
export const MAIN = fileURLToPath(new URL('../../src/main.js', import.meta.url));

const SHARED = { NODE_ENV: 'test', HOST: '127.0.0.1', PORT: '0', LOG_LEVEL: 'warn', RATE_LIMITS: 'off' };
const READY = /listening on (http:\/\/\S+?)["\s]/;

/** The server as a process of its own, for tests that kill it. Give it a DATA_DIR or DATABASE_URL that outlives it. */
export async function spawnServer(env: Record<string, string>, timeoutMs = 90_000): Promise<SpawnedServer> {
  const child = spawn(process.execPath, ['--enable-source-maps', MAIN], {
    env: { PATH: process.env.PATH, ...SHARED, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let written = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (written += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (written += text));
  const url = await ready(child, () => written, timeoutMs);
  return {
    url,
    http: new HttpClient(url),
    pid: child.pid ?? 0,
    output: () => written,
    kill: async () => void (await end(child, 'SIGKILL')),
    stop: (signal = 'SIGTERM') => end(child, signal),
  };
}

function ready(child: ChildProcess, written: () => string, timeoutMs: number): Promise<string> {
  return new Promise((resolve, reject) => {
    const settle = (then: () => void): void => {
      clearTimeout(timer);
      child.off('exit', ended);
      child.stdout?.off('data', look);
      then();
    };
    const fail = (why: string): void =>
      settle(() => {
        child.kill('SIGKILL');
        reject(new Error(`The server ${why}. It wrote:\n${written()}`));
      });
    const ended = (code: number | null): void => fail(`ended with code ${code}`);
    const look = (): void => {
      const url = READY.exec(written())?.[1];
      if (url !== undefined) settle(() => resolve(url));
    };
    const timer = setTimeout(() => fail(`was not ready after ${timeoutMs} ms`), timeoutMs);
    child.once('exit', ended);
    child.stdout?.on('data', look);
  });
}

async function end(child: ChildProcess, signal: NodeJS.Signals): Promise<number | null> {
  if (child.exitCode !== null || child.signalCode !== null) return child.exitCode;
  const ended = once(child, 'exit');
  child.kill(signal);
  const [code] = (await ended) as [number | null];
  return code;
}
