import { connect } from 'node:net';
import { MARK, stamp } from './text.mjs';

const SHARED = Buffer.allocUnsafe(64 * 1024);

/** One publisher: a kept-alive connection with one request under way at a time, and only as much HTTP as that needs. */
export class Publisher {
  #bytes;
  #mark;
  #started = 0;
  #reply = '';

  /** `request` is the whole request, with the text in it. `onReply(publisher, ms)` may publish again at once. */
  constructor({ host, port, request }, onReply, onFailure) {
    this.#bytes = Buffer.from(request, 'latin1');
    this.#mark = this.#bytes.indexOf(MARK);
    this.onReply = onReply;
    this.onFailure = onFailure;
    this.busy = false;
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
      if (this.busy) this.onFailure('connection closed');
    });
  }

  publish() {
    this.busy = true;
    this.#started = performance.now();
    stamp(this.#bytes, this.#mark);
    this.socket.write(this.#bytes);
  }

  end() {
    this.busy = false;
    this.socket.destroy();
  }

  #read(bytes, length) {
    this.#reply += bytes.latin1Slice(0, length);
    const end = replyEnd(this.#reply);
    if (end < 0) return true;
    const status = this.#reply.slice(9, 12);
    const failure =
      status[0] === '2' ? null : `${status} ${this.#reply.slice(this.#reply.indexOf('\r\n\r\n') + 4, 300)}`;
    this.#reply = '';
    this.busy = false;
    if (failure === null) this.onReply(this, performance.now() - this.#started);
    else this.onFailure(failure);
    return true;
  }
}

/** Where the reply ends; -1 while some of it is missing. */
function replyEnd(text) {
  const head = text.indexOf('\r\n\r\n');
  if (head < 0) return -1;
  const length = /\r\ncontent-length: *(\d+)/i.exec(text);
  if (length !== null) return text.length >= head + 4 + Number(length[1]) ? text.length : -1;
  return text.endsWith('\r\n0\r\n\r\n') ? text.length : -1;
}
