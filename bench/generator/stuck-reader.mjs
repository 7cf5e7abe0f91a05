import { connect } from 'node:net';
import { clientFrame, FrameReader } from './frame-reader.mjs';

const NUMBER = /"id":(\d+),"created_at"/;
const DELIVERY = '42["realtime:resource"';
/** How Socket.IO says "go away": stock clients would stay away. */
const DISCONNECT = '41';

/**
 * A client of Roomcast that stops reading its socket when it is told to, and reads on later: up to where the server cut it
 * off, then over a new connection from the last number that it saw. Every number counts.
 */
export class StuckReader {
  last = 0;
  holes = 0;
  doubles = 0;
  sentAway = false;
  #subscription;
  #steps;
  #socket;
  #head;
  #ready;

  constructor(subscription) {
    this.#subscription = subscription;
  }

  /** Resolves when the room is joined. */
  open() {
    const { host, port, path, steps } = this.#subscription;
    this.#steps = this.last === 0 ? [...steps] : resumed(steps, this.last);
    this.#head = '';
    const reader = new FrameReader((opcode, _length, payload) => this.#frame(opcode, payload));
    reader.collect = true;
    const socket = (this.#socket = connect({ host, port, noDelay: true }));
    socket.on('connect', () =>
      socket.write(
        `GET ${path} HTTP/1.1\r\nHost: ${host}:${port}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n` +
          'Sec-WebSocket-Key: cm9vbWNhc3QgYmVuY2ghIQ==\r\nSec-WebSocket-Version: 13\r\n\r\n',
      ),
    );
    socket.on('data', (bytes) => this.#read(reader, bytes));
    socket.on('error', () => undefined);
    return new Promise((resolve, reject) => {
      this.#ready = resolve;
      socket.on('close', () =>
        reject(new Error('The server closed the connection of a stuck reader before it joined')),
      );
    });
  }

  stick() {
    this.#socket.pause();
  }

  /** Reads what is left of the old connection, comes back, and resolves when it has seen this number. */
  async catchUp(head) {
    this.#socket.resume();
    await this.#until(head);
    if (this.last >= head) return;
    await this.open();
    await this.#until(head);
  }

  /** Until it has seen this number, or the connection has ended. */
  async #until(head) {
    while (this.last < head && !this.#socket.closed) await new Promise((resolve) => setTimeout(resolve, 20));
  }

  end() {
    this.#socket.destroy();
  }

  #read(reader, bytes) {
    if (this.#head === null) return reader.read(bytes, bytes.length);
    this.#head += bytes.latin1Slice();
    const end = this.#head.indexOf('\r\n\r\n');
    if (end < 0) return;
    const rest = Buffer.from(this.#head.slice(end + 4), 'latin1');
    this.#head = null;
    reader.read(rest, rest.length);
  }

  #frame(opcode, payload) {
    const text = opcode === 1 && payload !== null ? payload.toString() : '';
    if (text === '2') this.#socket.write(clientFrame('3'));
    else if (text.startsWith(DELIVERY)) this.#take(Number(NUMBER.exec(text)[1]));
    else if (text === DISCONNECT) this.sentAway = true;
    else if (this.#steps.length > 0 && text.startsWith(this.#steps[0].expect)) this.#step();
  }

  #take(number) {
    if (number <= this.last) this.doubles += 1;
    else if (this.last > 0) this.holes += number - this.last - 1;
    this.last = Math.max(this.last, number);
  }

  #step() {
    this.#steps.shift();
    if (this.#steps.length === 0) this.#ready();
    else if (this.#steps[0].send !== undefined) this.#socket.write(clientFrame(this.#steps[0].send));
  }
}

/** The same steps, with the number of the last event in the last of them, which joins. */
function resumed(steps, last) {
  const join = steps.at(-1);
  const [event, payload] = JSON.parse(join.send.slice(2));
  return [...steps.slice(0, -1), { ...join, send: `42${JSON.stringify([event, { ...payload, last_id: last }])}` }];
}
