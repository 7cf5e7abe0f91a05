import { isUnavailable } from '../common/connection-errors.js';
import type { PreparingClient, PreparingPool } from './preparing-pool.js';

/** After an attempt that failed, the pool serves for so long. */
const RETRY_MS = 1_000;

/**
 * A connection beside the pool for statements that follow each other all the time and are transactions by themselves.
 * Taking one out of the pool costs two timers and a turn of the event loop, each time; this one is at hand, or it is not:
 * while it is busy, away or not yet open, such statements go by the pool like all others.
 */
export class StandingConnection {
  private client: PreparingClient | null = null;
  private busy = false;
  private opening: Promise<void> | null = null;
  private openAgainAt = 0;
  private closed = false;
  private given: (() => void) | null = null;

  /** @param pool whose kind of connection it is. */
  constructor(
    private readonly pool: PreparingPool,
    private readonly onLoss: (error: Error) => void,
  ) {}

  /** The connection, for one statement; null when it is not at hand. */
  take(): PreparingClient | null {
    if (this.client === null) {
      if (this.opening === null && !this.closed && performance.now() >= this.openAgainAt) this.opening = this.open();
      return null;
    }
    if (this.busy || this.closed) return null;
    this.busy = true;
    return this.client;
  }

  /** It has answered; with an error that means its end, perhaps before the end is heard of. */
  giveBack(client: PreparingClient, error: Error | null): void {
    if (client !== this.client) return;
    if (error !== null && isUnavailable(error)) return this.lost(client, error);
    this.busy = false;
    this.given?.();
  }

  /** Ends it after the statement that it is busy with. */
  async close(): Promise<void> {
    this.closed = true;
    await this.opening;
    if (this.client !== null && this.busy) await new Promise<void>((resolve) => (this.given = resolve));
    const { client } = this;
    this.client = null;
    await client?.end();
  }

  private async open(): Promise<void> {
    const { Client, options } = this.pool;
    const client = new Client(options);
    // Without a listener a broken connection would end the process.
    client.on('error', (error) => this.lost(client, error));
    try {
      await client.connect();
      await options.onConnect?.(client);
      client.on('end', () => this.lost(client, new Error('The database has ended a connection')));
      this.client = client;
    } catch {
      // Whoever wants something of the database meets the same fault by way of the pool, and tells it.
      await client.end().catch(() => undefined);
      this.openAgainAt = performance.now() + RETRY_MS;
    } finally {
      this.opening = null;
    }
  }

  private lost(client: PreparingClient, error: Error): void {
    if (client !== this.client) return;
    this.client = null;
    this.busy = false;
    this.given?.();
    this.onLoss(error);
    void client.end().catch(() => undefined);
  }
}
