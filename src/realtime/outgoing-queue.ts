import type { FrameBatch } from './frame-batch.js';

/** What may wait for a client, beside the write under way, before it counts as too slow. */
const MAX_BYTES = 1024 * 1024;
const MAX_FRAMES = 5_000;

/**
 * Why a client is sent away for a moment: it does not keep up, this node stops and another one serves it, or what it asked
 * for needs a database that does not come back.
 */
export type DropReason = 'too_slow' | 'restart' | 'unavailable';

/** The way to one client. `written` is called when the batches have left this process. */
export interface Connection {
  write(batches: FrameBatch[], written: () => void): void;
  /** Ends the connection in a way after which the client may come back and resume. */
  drop(reason: DropReason): void;
  /** Ends the connection for good: the client's right to it is gone. */
  end(): void;
}

/**
 * What waits for one client, in order. While one write is under way the rest gathers and leaves as the next; a client
 * that does not keep up is cut off before it can hold the server's memory.
 */
export class OutgoingQueue {
  private waiting: FrameBatch[] = [];
  private bytes = 0;
  private frames = 0;
  private writing = false;
  private gathering = false;
  private closed = false;
  private idleWaiters: (() => void)[] | null = null;
  /** The client was cut off because it did not keep up. */
  tooSlow = false;

  constructor(private readonly connection: Connection) {}

  push(batch: FrameBatch): void {
    if (this.closed || batch.frames === 0) return;
    this.waiting.push(batch);
    if (this.gathering) return;
    if (!this.writing) return this.flush();
    this.count(batch);
    if (this.overfull) this.dropEphemeral();
    if (this.overfull) this.cut();
  }

  /** For what nobody misses: not taken when the client is behind already. */
  pushEphemeral(batch: FrameBatch): void {
    const fits = this.bytes + batch.bytes <= MAX_BYTES / 4 && this.frames + batch.frames <= MAX_FRAMES / 4;
    if (fits || !this.writing) this.push(batch);
  }

  /** What is pushed meanwhile leaves as one write; while the client is busy, false, and nothing happens. */
  together(push: () => void): boolean {
    if (this.writing) return false;
    this.gathering = true;
    try {
      push();
    } finally {
      this.gathering = false;
      if (this.waiting.length > 0) this.flush();
    }
    return true;
  }

  /** Resolves when the client has taken everything so far, or is gone: the moment to give it another page of replay. */
  async idle(): Promise<void> {
    while (this.writing && !this.closed) {
      await new Promise<void>((resolve) => (this.idleWaiters ??= []).push(resolve));
    }
  }

  /** What waits here, in bytes; the write under way is the transport's. */
  get waitingBytes(): number {
    return this.closed ? 0 : this.bytes;
  }

  close(): void {
    this.closed = true;
    this.waiting = [];
    this.wakeWaiters();
  }

  private get overfull(): boolean {
    return this.bytes > MAX_BYTES || this.frames > MAX_FRAMES;
  }

  private count(batch: FrameBatch): void {
    this.bytes += batch.bytes;
    this.frames += batch.frames;
  }

  /** Makes room for what is in the log. */
  private dropEphemeral(): void {
    this.waiting = this.waiting.filter((batch) => !batch.ephemeral);
    this.bytes = this.frames = 0;
    for (const batch of this.waiting) this.count(batch);
  }

  private flush(): void {
    const batches = this.waiting;
    this.waiting = [];
    this.bytes = 0;
    this.frames = 0;
    this.writing = true;
    this.connection.write(batches, this.written);
  }

  private readonly written = (): void => {
    this.writing = false;
    if (this.closed) return;
    if (this.waiting.length > 0) this.flush();
    else this.wakeWaiters();
  };

  private cut(): void {
    this.tooSlow = true;
    this.close();
    this.connection.drop('too_slow');
  }

  private wakeWaiters(): void {
    const waiters = this.idleWaiters ?? [];
    this.idleWaiters = null;
    for (const resolve of waiters) resolve();
  }
}
