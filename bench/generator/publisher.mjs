import { HttpConnection, statusOf } from './http-connection.mjs';
import { MARK, stamp } from './text.mjs';

/** One publisher: one request under way at a time. */
export class Publisher {
  #connection;
  #bytes;
  #mark;
  #started = 0;

  /** `request` is the whole request, with the text in it. `onReply(publisher, ms)` may publish again at once. */
  constructor({ host, port, request }, onReply, onFailure) {
    this.#bytes = Buffer.from(request, 'latin1');
    this.#mark = this.#bytes.indexOf(MARK);
    this.onReply = onReply;
    this.onFailure = onFailure;
    this.busy = false;
    this.#connection = new HttpConnection(
      { host, port },
      (reply) => this.#take(reply),
      () => {
        if (this.busy) this.onFailure('connection closed');
      },
    );
    this.ready = this.#connection.ready;
  }

  publish() {
    this.busy = true;
    this.#started = performance.now();
    stamp(this.#bytes, this.#mark);
    this.#connection.send(this.#bytes);
  }

  end() {
    this.busy = false;
    this.#connection.end();
  }

  #take(reply) {
    const status = statusOf(reply);
    this.busy = false;
    if (status[0] === '2') this.onReply(this, performance.now() - this.#started);
    else this.onFailure(`${status} ${reply.slice(reply.indexOf('\r\n\r\n') + 4, 300)}`);
  }
}
