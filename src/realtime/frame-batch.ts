/** Text frames that leave together. Encoded once and shared by every session that gets the same ones. */
export class FrameBatch {
  readonly bytes: number;
  private wire: Buffer | undefined;

  /** @param ephemeral nobody misses these: they are the first to go when a client is behind. */
  constructor(
    readonly texts: readonly string[],
    readonly ephemeral = false,
  ) {
    this.bytes = texts.reduce((sum, text) => sum + Buffer.byteLength(text), 0);
  }

  get frames(): number {
    return this.texts.length;
  }

  /** All frames as one piece of WebSocket wire data (unmasked, as a server sends), made at the first use. */
  webSocketData(): Buffer {
    this.wire ??= Buffer.concat(this.texts.flatMap(textFrame));
    return this.wire;
  }
}

/** One RFC 6455 text frame: FIN and opcode 1, then the length in 7, 16 or 64 bits. */
function textFrame(text: string): [Buffer, Buffer] {
  const payload = Buffer.from(text);
  const { length } = payload;
  if (length < 126) return [Buffer.from([0x81, length]), payload];
  if (length < 65_536) return [Buffer.from([0x81, 126, length >> 8, length & 0xff]), payload];
  const header = Buffer.alloc(10);
  header[0] = 0x81;
  header[1] = 127;
  header.writeBigUInt64BE(BigInt(length), 2);
  return [header, payload];
}
