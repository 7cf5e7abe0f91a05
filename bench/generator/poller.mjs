import { HttpConnection, statusOf } from './http-connection.mjs';

/** What all pollers received together. */
export const polled = { messages: 0, holes: 0, doubles: 0, failures: [] };

/** One long poll after another on a kept-alive connection, each from the number of the last message on. */
export class Poller {
  #connection;
  #last;

  /** `head` is everything of the request but its line; `after` the number of the last message that is known. */
  constructor({ host, port, path, head, after }) {
    this.path = path;
    this.head = head;
    this.#last = after;
    this.ended = false;
    this.#connection = new HttpConnection(
      { host, port },
      (reply) => this.#take(reply),
      () => polled.failures.push('connection closed'),
    );
    this.ready = this.#connection.ready;
  }

  poll() {
    this.#connection.send(`GET ${this.path}?last_id=${this.#last} HTTP/1.1\r\n${this.head}\r\n`);
  }

  end() {
    this.ended = true;
    this.#connection.end();
  }

  #take(reply) {
    const status = statusOf(reply);
    if (status === '200') this.#message(Number(/\r\nx-last-id: *(\d+)/i.exec(reply)[1]));
    // The deadline passed without a message.
    else if (status !== '204') polled.failures.push(reply.slice(9, 200));
    if (!this.ended && polled.failures.length < 20) this.poll();
  }

  #message(id) {
    if (id <= this.#last) polled.doubles += 1;
    else polled.holes += id - this.#last - 1;
    this.#last = Math.max(this.#last, id);
    polled.messages += 1;
  }
}
