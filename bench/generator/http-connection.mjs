import { connect } from 'node:net';

const SHARED = Buffer.allocUnsafe(64 * 1024);

/** A kept-alive connection for one request at a time, with only as much HTTP as that needs. */
export class HttpConnection {
  #reply = '';
  #ended = false;

  /** `onReply(text)` with the whole of each reply; `onLost()` when the server hangs up. */
  constructor({ host, port }, onReply, onLost) {
    this.onReply = onReply;
    this.socket = connect({
      host,
      port,
      noDelay: true,
      onread: { buffer: SHARED, callback: (length, bytes) => this.#read(bytes, length) },
    });
    this.ready = new Promise((resolve, reject) => {
      this.socket.on('connect', resolve);
      this.socket.on('error', reject);
    });
    this.socket.on('close', () => {
      if (!this.#ended) onLost();
    });
  }

  /** A whole request, as text or bytes. */
  send(request) {
    this.socket.write(request, 'latin1');
  }

  end() {
    this.#ended = true;
    this.socket.destroy();
  }

  #read(bytes, length) {
    this.#reply += bytes.latin1Slice(0, length);
    if (!isWhole(this.#reply)) return true;
    const reply = this.#reply;
    this.#reply = '';
    this.onReply(reply);
    return true;
  }
}

function isWhole(reply) {
  const head = reply.indexOf('\r\n\r\n');
  if (head < 0) return false;
  const length = /\r\ncontent-length: *(\d+)/i.exec(reply);
  if (length !== null) return reply.length >= head + 4 + Number(length[1]);
  return statusOf(reply) === '204' || reply.endsWith('\r\n0\r\n\r\n');
}

export function statusOf(reply) {
  return reply.slice(9, 12);
}
