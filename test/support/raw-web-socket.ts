import { randomBytes } from 'node:crypto';
import { connect, type Socket } from 'node:net';

/** A WebSocket client without any manners: sends what it is told to, reads only when it wants to. */
export class RawWebSocket {
  /** The server has said good-bye, or just hung up. */
  readonly closed: Promise<void>;
  private unread: Buffer = Buffer.alloc(0);
  private text = '';
  private open = false;
  private opened: () => void = () => undefined;
  private waiting: (() => void)[] = [];
  private end: () => void = () => undefined;

  private constructor(private readonly socket: Socket) {
    this.closed = new Promise((resolve) => (this.end = resolve));
    socket.on('data', (data: Buffer) => {
      this.unread = Buffer.concat([this.unread, data]);
      if (this.open) this.readFrames();
      else this.readHandshake();
      for (const wake of this.waiting.splice(0)) wake();
    });
    socket.on('error', () => undefined);
    socket.once('close', () => this.end());
  }

  /** Shakes hands with the Socket.IO door and enters its default namespace. */
  static async open(url: string): Promise<RawWebSocket> {
    const client = await RawWebSocket.connect(url, '/socket/?EIO=4&transport=websocket');
    client.send('40');
    await client.heard('40{"sid"');
    return client;
  }

  /** Shakes hands with any door. */
  static async connect(url: string, path: string, headers: Record<string, string> = {}): Promise<RawWebSocket> {
    const { hostname, port } = new URL(url);
    const client = new RawWebSocket(connect({ host: hostname, port: Number(port) }));
    const opened = new Promise<void>((resolve) => (client.opened = resolve));
    const more = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
    client.socket.write(
      `GET ${path} HTTP/1.1\r\nHost: ${hostname}:${port}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n` +
        `Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: ${randomBytes(16).toString('base64')}\r\n${more.join('')}\r\n`,
    );
    await opened;
    return client;
  }

  /** Resolves when these characters have come, in whatever frame. */
  async heard(part: string): Promise<void> {
    while (!this.text.includes(part)) await new Promise<void>((resolve) => this.waiting.push(resolve));
  }

  /** The frames that came and are JSON objects by themselves, in order. */
  objects<Frame>(): Frame[] {
    const lines = this.text.split('\n').filter((line) => line.startsWith('{'));
    return lines.map((line) => JSON.parse(line) as Frame);
  }

  /** The numbers of the events that came, in order. */
  numbers(): number[] {
    const events = this.text.split('\n').filter((line) => line.startsWith('42["realtime:resource"'));
    return events.map((line) => (JSON.parse(line.slice(2)) as [string, { id: number }])[1].id);
  }

  /** How many frames of an event came. */
  count(event: string): number {
    return this.text.split('\n').filter((line) => line.startsWith(`42["${event}"`)).length;
  }

  emit(event: string, payload: unknown): void {
    this.send(`42${JSON.stringify([event, payload])}`);
  }

  send(payload: string | Buffer, opcode = typeof payload === 'string' ? 1 : 2): void {
    void this.write(frame(Buffer.from(payload as string), opcode));
  }

  /** Bytes as they are, also such as are no frame. Resolves when they have left this process, or cannot any more. */
  write(bytes: Buffer): Promise<void> {
    return new Promise((resolve) => this.socket.write(bytes, () => setImmediate(resolve)));
  }

  stopReading(): void {
    this.socket.pause();
  }

  readOn(): void {
    this.socket.resume();
  }

  close(): void {
    this.socket.destroy();
  }

  /** Leaves as after a crash: nothing is said, and nothing is taken any more. */
  reset(): void {
    this.socket.resetAndDestroy();
  }

  private readHandshake(): void {
    const end = this.unread.indexOf('\r\n\r\n');
    if (end < 0) return;
    this.unread = this.unread.subarray(end + 4);
    this.open = true;
    this.opened();
    this.readFrames();
  }

  private readFrames(): void {
    while (this.unread.length >= 2) {
      const [first, second] = this.unread as unknown as [number, number];
      const start = second < 126 ? 2 : second === 126 ? 4 : 10;
      if (this.unread.length < start) return;
      const length =
        second < 126 ? second : second === 126 ? this.unread.readUInt16BE(2) : Number(this.unread.readBigUInt64BE(2));
      if (this.unread.length < start + length) return;
      this.text += `${this.unread.subarray(start, start + length).toString()}\n`;
      this.unread = this.unread.subarray(start + length);
      if ((first & 0x0f) === 8) this.end();
    }
  }
}

/** One masked frame; the mask is zero, so the payload stays readable. */
export function frame(payload: Buffer, opcode: number): Buffer {
  const { length } = payload;
  const header = Buffer.alloc(14);
  header[0] = 0x80 | opcode;
  if (length < 126) {
    header[1] = 0x80 | length;
    return Buffer.concat([header.subarray(0, 6), payload]);
  }
  if (length < 65_536) {
    header[1] = 0x80 | 126;
    header.writeUInt16BE(length, 2);
    return Buffer.concat([header.subarray(0, 8), payload]);
  }
  header[1] = 0x80 | 127;
  header.writeBigUInt64BE(BigInt(length), 2);
  return Buffer.concat([header, payload]);
}
