/** Takes apart what a server writes to a WebSocket: an answer to the handshake, then frames without a mask. */
export class ServerFrames {
  private pending: Buffer = Buffer.alloc(0);
  private open = false;

  constructor(private readonly text: (text: string) => void) {}

  take(chunk: Buffer): void {
    let bytes = this.pending.length > 0 ? Buffer.concat([this.pending, chunk]) : chunk;
    if (!this.open) {
      const end = bytes.indexOf('\r\n\r\n');
      this.open = end >= 0;
      bytes = this.open ? bytes.subarray(end + 4) : bytes;
    }
    this.pending = this.open ? this.frames(bytes) : bytes;
  }

  /** Gives what is left: the beginning of a frame. */
  private frames(bytes: Buffer): Buffer {
    let rest = bytes;
    while (rest.length >= 2) {
      const short = rest[1]! & 0x7f;
      const start = short < 126 ? 2 : short === 126 ? 4 : 10;
      if (rest.length < start) break;
      const length = short < 126 ? short : short === 126 ? rest.readUInt16BE(2) : Number(rest.readBigUInt64BE(2));
      if (rest.length < start + length) break;
      if ((rest[0]! & 0x0f) === 1) this.text(rest.toString('utf8', start, start + length));
      rest = rest.subarray(start + length);
    }
    return rest;
  }
}
