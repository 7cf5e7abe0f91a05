import { Duplex } from 'node:stream';
import type { PgliteBackend } from './pglite-backend.js';

const TERMINATE = 'X'.charCodeAt(0);
/** Type byte and length. The first message of a connection has no type byte. */
const HEADER_BYTES = 5;

type Done = (error?: Error | null) => void;

/** What the PostgreSQL driver takes for its network socket: a connection to the embedded database that never leaves the process. */
export class PgliteStream extends Duplex {
  private unread: Buffer = Buffer.alloc(0);
  private started = false;

  constructor(private readonly backend: PgliteBackend) {
    super();
  }

  connect(): this {
    process.nextTick(() => this.emit('connect'));
    return this;
  }

  setNoDelay(): this {
    return this;
  }

  setKeepAlive(): this {
    return this;
  }

  ref(): this {
    return this;
  }

  unref(): this {
    return this;
  }

  override _read(): void {
    // Replies are pushed as they come.
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: Done): void {
    this.forward([chunk]).then(() => done(), done);
  }

  /** The driver writes the parts of one query together, so they usually arrive, and run, in one piece. */
  override _writev(chunks: { chunk: Buffer }[], done: Done): void {
    this.forward(chunks.map(({ chunk }) => chunk)).then(() => done(), done);
  }

  override _final(done: Done): void {
    this.push(null);
    done();
  }

  override _destroy(error: Error | null, done: Done): void {
    this.backend.abandon(this).then(() => done(error), done);
  }

  private async forward(chunks: Buffer[]): Promise<void> {
    const received = Buffer.concat([this.unread, ...chunks]);
    let end = 0;
    let lastType = 0;
    while (received.length - end >= HEADER_BYTES) {
      const length = this.started ? 1 + received.readInt32BE(end + 1) : received.readInt32BE(end);
      if (received.length - end < length) break;
      lastType = this.started ? received.readUInt8(end) : 'S'.charCodeAt(0);
      // Goodbye is for this connection, not for the one session behind all of them.
      if (lastType === TERMINATE) break;
      this.started = true;
      end += length;
    }
    this.unread = received.subarray(end);
    if (lastType === TERMINATE) this.unread = Buffer.alloc(0);
    if (end > 0)
      await this.backend.execute(this, received.subarray(0, end), lastType, (part) => this.push(Buffer.from(part)));
    if (lastType === TERMINATE) this.destroy();
  }
}
