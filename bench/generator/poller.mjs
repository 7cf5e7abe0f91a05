import { connect } from 'node:net';

const SHARED = Buffer.allocUnsafe(64 * 1024);

/** What all pollers received together. */
export const polled = { messages: 0, holes: 0, doubles: 0, failures: [] };

/** One long poll after another on a kept-alive connection, each from the number of the last message on. */
export class Poller {
  #reply = '';
  #last;

  /** `head` is everything of the request but its line; `after` the number of the last message that is known. */
  constructor({ host, port, path, head, after }) {
    this.path = path;
    this.head = head;
    this.#last = after;
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
    this.ended = false;
    this.socket.on('close', () => {
      if (!this.ended) polled.failures.push('connection closed');
    });
  }

  poll() {
    this.socket.write(`GET ${this.path}?last_id=${this.#last} HTTP/1.1\r\n${this.head}\r\n`, 'latin1');
  }

  end() {
    this.ended = true;
    this.socket.destroy();
  }

  #read(bytes, length) {
    this.#reply += bytes.latin1Slice(0, length);
    const head = this.#reply.indexOf('\r\n\r\n');
    const size = head < 0 ? null : /\r\ncontent-length: *(\d+)/i.exec(this.#reply);
    if (head < 0 || (size !== null && this.#reply.length < head + 4 + Number(size[1]))) return true;
    const reply = this.#reply;
    this.#reply = '';
    if (reply.startsWith('HTTP/1.1 200')) this.#message(Number(/\r\nx-last-id: *(\d+)/i.exec(reply)[1]));
    // The deadline passed without a message.
    else if (!reply.startsWith('HTTP/1.1 204')) polled.failures.push(reply.slice(9, 200));
    if (!this.ended && polled.failures.length < 20) this.poll();
    return true;
  }

  #message(id) {
    if (id <= this.#last) polled.doubles += 1;
    else polled.holes += id - this.#last - 1;
    this.#last = Math.max(this.#last, id);
    polled.messages += 1;
  }
}
