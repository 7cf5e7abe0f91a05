import type { Duplex } from 'node:stream';
import { type ServerOptions, type WebSocket, WebSocketServer } from 'ws';
import { FrameBatch } from './frame-batch.js';
import type { Connection, DropReason } from './outgoing-queue.js';

/** A client that does not answer the end of its connection is waited for no longer than this. */
const GOODBYE_LIMIT_MS = 5_000;

/** The last words of a protocol, and the code with which the WebSocket closes. */
export interface Farewell {
  text: string | null;
  code: number;
  reason?: string;
}

/** How a protocol says good-bye. */
export interface Farewells {
  drop(reason: DropReason): Farewell;
  end(reason: string): Farewell;
}

/**
 * Takes the handshakes that the upgrade router hands over. Without compression a frame is the same for everybody and is
 * encoded once.
 */
export function rawWebSocketServer(options: Pick<ServerOptions, 'maxPayload' | 'handleProtocols'>): WebSocketServer {
  return new WebSocketServer({ noServer: true, clientTracking: false, perMessageDeflate: false, ...options });
}

/** The way to one client over a WebSocket of its own: all frames that have gathered leave as one write. */
export class RawConnection implements Connection {
  /**
   * @param stream what the WebSocket runs on: our frames are wire data already. The WebSocket only ever writes whole
   * frames of its own, so the two never mix.
   */
  constructor(
    private readonly socket: WebSocket,
    private readonly stream: Duplex,
    private readonly farewells: Farewells,
  ) {}

  write(batches: FrameBatch[], written: () => void): void {
    if (!this.open) return;
    const frames = batches.map((batch) => batch.webSocketData());
    this.stream.write(frames.length === 1 ? frames[0]! : Buffer.concat(frames), written);
  }

  drop(reason: DropReason): void {
    this.leave(this.farewells.drop(reason));
  }

  end(reason: string): void {
    this.leave(this.farewells.end(reason));
  }

  /** Says the last words and closes; whoever does not listen is cut off after a while, with all that it has not taken. */
  leave({ text, code, reason }: Farewell): void {
    if (!this.open) return;
    if (text !== null) this.stream.write(new FrameBatch([text]).webSocketData());
    this.socket.close(code, reason);
    const cut = setTimeout(() => this.socket.terminate(), GOODBYE_LIMIT_MS).unref();
    this.socket.once('close', () => clearTimeout(cut));
  }

  get closed(): boolean {
    return !this.open;
  }

  private get open(): boolean {
    return this.socket.readyState === this.socket.OPEN;
  }
}
