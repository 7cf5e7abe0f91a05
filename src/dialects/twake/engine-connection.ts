import type { Socket } from 'socket.io';
import type { FrameBatch } from '../../realtime/frame-batch.js';
import type { Connection, DropReason } from '../../realtime/outgoing-queue.js';
import { LAST_WORDS } from './twake.dialect.js';

/** What Engine.IO knows of its WebSocket transport: idle (`writable`) it has nothing queued or half sent. */
interface Transport {
  name: string;
  writable: boolean;
  socket?: { _sender?: { sendFrame(frames: Buffer[], done: () => void): void }; terminate(): void };
}

/** Acknowledgements of one client that may wait in Engine.IO, which sends them beside our queue. */
const MAX_ACKNOWLEDGEMENTS = 32;

/** Resolves when one more acknowledgement may be given: a client that does not read them gets no more of them. */
export async function acknowledgementsTaken({ conn }: Socket): Promise<void> {
  const { writeBuffer } = conn as unknown as { writeBuffer: unknown[] };
  if (writeBuffer.length < MAX_ACKNOWLEDGEMENTS) return;
  await new Promise<void>((resolve) => {
    const done = (): void => {
      conn.off('drain', done).off('close', done);
      resolve();
    };
    conn.on('drain', done).on('close', done);
  });
}

/** The way to one Socket.IO client: over WebSocket all frames leave as one write, over polling as packets. */
export class EngineConnection implements Connection {
  constructor(private readonly socket: Socket) {}

  write(batches: FrameBatch[], written: () => void): void {
    const { conn } = this.socket;
    const transport = conn.transport as unknown as Transport;
    if (transport.name === 'websocket') {
      const frames = batches.map((batch) => batch.webSocketData());
      const data = frames.length === 1 ? frames[0]! : Buffer.concat(frames);
      const sender = transport.writable ? transport.socket?._sender : undefined;
      // With nothing of Engine.IO's own on the way, the data goes to the socket as Engine.IO would hand it over itself.
      if (sender) sender.sendFrame([data], written);
      // Engine.IO sends the prepared data instead of the packet; the packet's own text only names it.
      else conn.write('', { wsPreEncodedFrame: [data] } as object, written);
      return;
    }
    const texts = batches.flatMap((batch) => batch.texts);
    texts.forEach((text, index) => {
      // Engine.IO adds its own packet type, which stands first in our texts.
      conn.write(text.slice(1), undefined, index === texts.length - 1 ? written : undefined);
    });
  }

  /** Closes the transport below Socket.IO, which stock clients take as a reason to come back. */
  drop(reason: DropReason): void {
    const { conn } = this.socket;
    const words = LAST_WORDS[reason];
    // Without `true` what is on its way, such as these last words, is sent first.
    if (words !== undefined) conn.write(words.slice(1)).close();
    else {
      const { socket } = conn.transport as unknown as Transport;
      conn.close(true);
      // It would be waited for, with all that it has not taken in our memory.
      socket?.terminate();
    }
  }

  /** Disconnects in Socket.IO's own words, after which stock clients stay away. */
  end(): void {
    this.socket.disconnect(true);
  }
}
