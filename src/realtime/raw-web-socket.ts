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
  end(): Farewell;
  /** The credential has run out. */
  expired(): Farewell;
}

/** A WebSocket, and what it runs on: our frames are wire data already, and go there. */
export interface Wire {
  socket: WebSocket;
  stream: Duplex;
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
  /** The server has ended it in a way after which the client is not to come back. */
  ended = false;

  /** The WebSocket only ever writes whole frames of its own, so they never mix with ours. */
  constructor(
    private readonly wire: Wire,
    private readonly farewells: Farewells,
  ) {}

  write(batches: FrameBatch[], written: () => void): void {
    if (!this.open) return;
    const frames = batches.map((batch) => batch.webSocketData());
    this.wire.stream.write(frames.length === 1 ? frames[0]! : Buffer.concat(frames), written);
  }

  drop(reason: DropReason): void {
    this.close(this.farewells.drop(reason));
  }

  end(): void {
    this.leave(this.farewells.end());
  }

  /** Ends the connection for good, with these words. */
  leave(farewell: Farewell): void {
    this.ended = true;
    this.close(farewell);
  }

  get closed(): boolean {
    return !this.open;
  }

  /** Says the last words and closes; whoever does not listen is cut off after a while, with all that it has not taken. */
  private close({ text, code, reason }: Farewell): void {
    if (!this.open) return;
    const { socket, stream } = this.wire;
    if (text !== null) stream.write(new FrameBatch([text]).webSocketData());
    socket.close(code, reason);
    const cut = setTimeout(() => socket.terminate(), GOODBYE_LIMIT_MS).unref();
    socket.once('close', () => clearTimeout(cut));
  }

  private get open(): boolean {
    const { socket } = this.wire;
    return socket.readyState === socket.OPEN;
  }
}
