import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { ConfigurationError } from '../../config/configuration-error.js';

interface Holder {
  pid: number;
  /** When the process started, in the kernel's own counting; a number used again by another process does not match. */
  started: string | null;
}

const heldHere = new Set<string>();
/** A server that is just leaving, such as one that is being restarted, is waited for. */
const PATIENCE_MS = 3000;
const POLL_MS = 100;
const SETTLE_MS = 30;

/** Keeps two servers out of one data directory; a lock that a killed server left behind is taken over. */
export class DataDirLock {
  private readonly path: string;

  constructor(private readonly dataDir: string) {
    this.path = join(dataDir, 'server.lock');
  }

  async take(): Promise<void> {
    mkdirSync(this.dataDir, { recursive: true });
    if (heldHere.has(this.path)) throw this.inUse(process.pid);
    const deadline = Date.now() + PATIENCE_MS;
    while (!(await this.tryToTake())) {
      if (Date.now() > deadline) throw this.inUse(this.holder()?.pid ?? 0);
      await wait(POLL_MS);
    }
    heldHere.add(this.path);
  }

  release(): void {
    if (!heldHere.delete(this.path)) return;
    rmSync(this.path, { force: true });
  }

  private async tryToTake(): Promise<boolean> {
    const mine = JSON.stringify({ pid: process.pid, started: statusOf(process.pid).started });
    if (this.create(mine)) return true;
    const holder = this.holder();
    if (holder !== null && isAlive(holder)) return false;
    rmSync(this.path, { force: true });
    if (!this.create(mine)) return false;
    // Two servers that find the same stale lock may both remove it; the one that came last keeps it.
    await wait(SETTLE_MS);
    return this.content() === mine;
  }

  private create(content: string): boolean {
    try {
      writeFileSync(this.path, content, { flag: 'wx' });
      return true;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
      throw error;
    }
  }

  private content(): string | null {
    try {
      return readFileSync(this.path, 'utf8');
    } catch {
      return null;
    }
  }

  /** A lock that cannot be read was being written when its server died. */
  private holder(): Holder | null {
    try {
      const { pid, started } = JSON.parse(this.content() ?? '') as Partial<Holder>;
      return typeof pid === 'number' ? { pid, started: started ?? null } : null;
    } catch {
      return null;
    }
  }

  private inUse(pid: number): Error {
    return new ConfigurationError([
      `DATA_DIR: ${this.dataDir} is in use by another Roomcast server (process ${pid}); stop it, or set DATA_DIR or DATABASE_URL`,
    ]);
  }
}

function isAlive(holder: Holder): boolean {
  // This process holds what it holds by `heldHere`; its number in a file is from an earlier life, as in a restarted container.
  if (holder.pid === process.pid) return false;
  try {
    process.kill(holder.pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false;
  }
  const { state, started } = statusOf(holder.pid);
  if (state === 'Z' || state === 'X') return false;
  return started === null || holder.started === null || started === holder.started;
}

/** Linux only; elsewhere the process number has to do. */
function statusOf(pid: number): { state: string | null; started: string | null } {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The command's name, in brackets, may contain anything; the state and, as 20th, the start time come after it.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return { state: fields[0] ?? null, started: fields[19] ?? null };
  } catch {
    return { state: null, started: null };
  }
}
