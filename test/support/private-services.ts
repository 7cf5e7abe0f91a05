import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chownSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { Redis } from 'ioredis';
import pg from 'pg';

const DEBIAN = '/usr/lib/postgresql';
const PATIENCE_MS = 60_000;
/** Below those that systems give to connections, so that nobody takes it while its service is away. */
const PORTS = { from: 10_000, count: 20_000 };

/** A service of the test's own, in a folder of its own: it may be killed at any time. */
abstract class PrivateService {
  protected readonly folder = mkdtempSync(join(tmpdir(), 'roomcast-test-'));
  private child: ChildProcess | null = null;

  protected constructor(protected readonly port: number) {}

  /** Starts it, again after it was killed; on the same data, and at the same address. */
  async start(): Promise<void> {
    const deadline = Date.now() + PATIENCE_MS;
    while (!(await this.answers())) {
      if (Date.now() > deadline) throw new Error(`${this.constructor.name} did not start`);
      // After a SIGKILL a PostgreSQL does not start before the last of its processes has noticed.
      if (this.child === null || this.ended(this.child)) this.child = this.spawn();
      await pause(50);
    }
  }

  async kill(signal: NodeJS.Signals): Promise<void> {
    if (this.child === null || this.ended(this.child)) return;
    const ended = once(this.child, 'exit');
    this.child.kill(signal);
    await ended;
  }

  async remove(): Promise<void> {
    await this.kill('SIGINT');
    rmSync(this.folder, { recursive: true, force: true });
  }

  abstract get url(): string;
  protected abstract spawn(): ChildProcess;
  protected abstract ask(): Promise<unknown>;

  private answers(): Promise<boolean> {
    return this.ask().then(
      () => true,
      () => false,
    );
  }

  private ended(child: ChildProcess): boolean {
    return child.exitCode !== null || child.signalCode !== null;
  }
}

/** A cluster with the settings that PostgreSQL comes with. */
export class PrivatePostgres extends PrivateService {
  private readonly become: string[] = otherUser(this.folder);
  private readonly data = join(this.folder, 'data');

  static async start(): Promise<PrivatePostgres> {
    const postgres = new PrivatePostgres(await freePort());
    const options = ['-D', postgres.data, '-U', 'test', '--auth=trust', '--no-locale', '-E', 'UTF8'];
    const [program, ...args] = [...postgres.become, join(postgresFolder()!, 'initdb'), ...options];
    execFileSync(program!, args, { stdio: 'pipe', cwd: postgres.folder });
    await postgres.start();
    return postgres;
  }

  get url(): string {
    return `postgres://test@127.0.0.1:${this.port}/postgres`;
  }

  protected spawn(): ChildProcess {
    const settings = [`port=${this.port}`, 'listen_addresses=127.0.0.1', `unix_socket_directories=${this.folder}`];
    const options = ['-D', this.data, ...settings.flatMap((setting) => ['-c', setting])];
    const [program, ...args] = [...this.become, join(postgresFolder()!, 'postgres'), ...options];
    return spawn(program!, args, { stdio: 'ignore', cwd: this.folder });
  }

  protected async ask(): Promise<void> {
    const client = new pg.Client({ connectionString: this.url, connectionTimeoutMillis: 5_000 });
    client.on('error', () => undefined);
    try {
      await client.connect();
      await client.query('SELECT 1');
    } finally {
      client.end().catch(() => undefined);
    }
  }
}

/** A Redis that keeps nothing. */
export class PrivateRedis extends PrivateService {
  static async start(): Promise<PrivateRedis> {
    const redis = new PrivateRedis(await freePort());
    await redis.start();
    return redis;
  }

  get url(): string {
    return `redis://127.0.0.1:${this.port}`;
  }

  protected spawn(): ChildProcess {
    const options = ['--port', String(this.port), '--bind', '127.0.0.1', '--save', '', '--dir', this.folder];
    return spawn('redis-server', options, { stdio: 'ignore' });
  }

  protected async ask(): Promise<void> {
    const client = new Redis(this.url, { lazyConnect: true, retryStrategy: null, maxRetriesPerRequest: 0 });
    client.on('error', () => undefined);
    try {
      await client.connect();
      await client.ping();
    } finally {
      client.disconnect();
    }
  }
}

/** A test that kills services of its own; without their programs it is skipped and its name says why. */
export function itWithPrivateServices(name: string, test: () => Promise<void>, timeoutMs: number): void {
  const missing = [
    ...(postgresFolder() === null ? ['initdb and postgres'] : []),
    ...(inPath('redis-server') ? [] : ['redis-server']),
  ];
  if (missing.length === 0) it(name, test, timeoutMs);
  else it.skip(`${name} (skipped: needs the programs ${missing.join(' and ')})`, test);
}

function postgresFolder(): string | null {
  const versions = existsSync(DEBIAN) ? readdirSync(DEBIAN).sort((one, other) => Number(other) - Number(one)) : [];
  const folders = [...pathFolders(), ...versions.map((version) => join(DEBIAN, version, 'bin'))];
  return folders.find((folder) => existsSync(join(folder, 'initdb')) && existsSync(join(folder, 'postgres'))) ?? null;
}

function inPath(program: string): boolean {
  return pathFolders().some((folder) => existsSync(join(folder, program)));
}

function pathFolders(): string[] {
  return (process.env.PATH ?? '').split(delimiter);
}

/** PostgreSQL refuses to run as root, so root lends it the `postgres` user. */
function otherUser(folder: string): string[] {
  if (process.getuid?.() !== 0) return [];
  const [user, group] = ['-u', '-g'].map((option) =>
    Number(execFileSync('id', [option, 'postgres'], { encoding: 'utf8' })),
  ) as [number, number];
  chownSync(folder, user, group);
  return ['setpriv', `--reuid=${user}`, `--regid=${group}`, '--clear-groups'];
}

/** These programs cannot choose a free port themselves. */
async function freePort(): Promise<number> {
  for (;;) {
    const port = PORTS.from + Math.floor(Math.random() * PORTS.count);
    const server = createServer();
    const free = await new Promise<boolean>((resolve) => {
      server.once('error', () => resolve(false)).listen(port, '127.0.0.1', () => resolve(true));
    });
    if (!free) continue;
    await new Promise((resolve) => server.close(resolve));
    return port;
  }
}
