const TEXT_FRAME = 0x81;

/** Text frames that leave together. Encoded once and shared by every session that gets the same ones. */
export class FrameBatch {
  readonly bytes: number;
  /** Of each text, in bytes. */
  private readonly lengths: number[];
  private wire: Buffer | undefined;

  /** @param ephemeral nobody misses these: they are the first to go when a client is behind. */
  constructor(
    readonly texts: readonly string[],
    readonly ephemeral = false,
  ) {
    this.lengths = texts.map((text) => Buffer.byteLength(text));
    this.bytes = this.lengths.reduce((sum, length) => sum + length, 0);
  }

  get frames(): number {
    return this.texts.length;
  }

  /** All frames as one piece of WebSocket wire data (unmasked, as a server sends), made at the first use. */
  webSocketData(): Buffer {
    this.wire ??= this.encode();
    return this.wire;
  }

  /** Written into place: pieces that are put together afterwards would be most of the garbage of a busy server. */
  private encode(): Buffer {
    const heads = this.lengths.reduce((sum, length) => sum + headLength(length), 0);
    const wire = Buffer.allocUnsafe(heads + this.bytes);
    let end = 0;
    for (const [index, text] of this.texts.entries()) {
      end = writeHead(wire, end, this.lengths[index]!);
      end += wire.write(text, end);
    }
    return wire;
  }
}

/** RFC 6455: FIN and opcode, then the length of the text in 7, 16 or 64 bits. */
function headLength(length: number): number {
  if (length < 126) return 2;
  return length < 65_536 ? 4 : 10;
}

function writeHead(wire: Buffer, start: number, length: number): number {
  wire[start] = TEXT_FRAME;
  const size = headLength(length);
  if (size === 2) wire[start + 1] = length;
  else if (size === 4) {
    wire[start + 1] = 126;
    wire.writeUInt16BE(length, start + 2);
  } else {
    wire[start + 1] = 127;
    wire.writeBigUInt64BE(BigInt(length), start + 2);
  }
  return start + size;
}
