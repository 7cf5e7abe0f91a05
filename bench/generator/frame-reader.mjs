const TEXT = 1;

/**
 * Reads the frames of a WebSocket server by their headers alone: payloads are skipped unless somebody wants them, because
 * the one who counts a million frames a second must not be what limits them.
 */
export class FrameReader {
  /** Payload bytes of the present frame that are still to come. */
  #left = 0;
  #opcode = 0;
  #length = 0;
  #header = Buffer.alloc(10);
  #have = 0;
  #collected = null;
  #filled = 0;

  /** `onFrame(opcode, length, payload)` at the end of each frame's header, or of its payload when `collect` is set. */
  constructor(onFrame) {
    this.onFrame = onFrame;
    this.collect = false;
  }

  read(bytes, length) {
    let at = 0;
    while (at < length) at = this.#left > 0 ? this.#payload(bytes, at, length) : this.#head(bytes, at, length);
  }

  #payload(bytes, at, length) {
    const step = Math.min(this.#left, length - at);
    if (this.#collected !== null) this.#filled += bytes.copy(this.#collected, this.#filled, at, at + step);
    this.#left -= step;
    if (this.#left === 0 && this.#collected !== null) {
      const payload = this.#collected;
      this.#collected = null;
      this.onFrame(this.#opcode, this.#length, payload);
    }
    return at + step;
  }

  #head(bytes, at, length) {
    let header = bytes;
    let start = at;
    let end;
    if (this.#have === 0 && length - at >= 10) {
      end = at + headerSize(bytes[at + 1]);
    } else {
      this.#header[this.#have++] = bytes[at];
      if (this.#have < 2 || this.#have < headerSize(this.#header[1])) return at + 1;
      header = this.#header;
      start = 0;
      end = at + 1;
      this.#have = 0;
    }
    this.#opcode = header[start] & 0x0f;
    const short = header[start + 1] & 0x7f;
    this.#length =
      short < 126
        ? short
        : short === 126
          ? (header[start + 2] << 8) | header[start + 3]
          : header.readUInt32BE(start + 6);
    this.#left = this.#length;
    if (this.collect && this.#length > 0) {
      this.#collected = Buffer.allocUnsafe(this.#length);
      this.#filled = 0;
    } else this.onFrame(this.#opcode, this.#length, null);
    return end;
  }
}

function headerSize(second) {
  const short = second & 0x7f;
  return short < 126 ? 2 : short === 126 ? 4 : 10;
}

/** A client's frame; the mask of zeros is a mask like any other and leaves the payload readable. */
export function clientFrame(text, opcode = TEXT) {
  const payload = Buffer.from(text);
  const { length } = payload;
  const head =
    length < 126
      ? [0x80 | opcode, 0x80 | length, 0, 0, 0, 0]
      : [0x80 | opcode, 0x80 | 126, length >> 8, length & 0xff, 0, 0, 0, 0];
  return Buffer.concat([Buffer.from(head), payload]);
}
