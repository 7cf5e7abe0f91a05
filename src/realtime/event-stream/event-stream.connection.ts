import type { ServerResponse } from 'node:http';
import type { FrameBatch } from '../frame-batch.js';
import type { Connection } from '../outgoing-queue.js';

/** What does not go out in this time is given up. */
const GOODBYE_LIMIT_MS = 1_000;

/** The way to one client over a response that does not end. */
export class EventStreamConnection implements Connection {
  constructor(private readonly response: ServerResponse) {}

  write(batches: FrameBatch[], written: () => void): void {
    // A write after the end would be an error that nobody listens to.
    if (this.response.writableEnded) return;
    this.response.write(batches.flatMap(({ texts }) => texts).join(''), () => written());
  }

  /** An end is what such clients take as a reason to come back. */
  drop(): void {
    this.end();
  }

  /** They come back from this too, but are refused then, and stay away. */
  end(): void {
    this.response.end();
    setTimeout(() => this.response.destroy(), GOODBYE_LIMIT_MS).unref();
  }
}
