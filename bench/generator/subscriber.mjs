import { connect } from 'node:net';
import { clientFrame, FrameReader } from './frame-reader.mjs';
import { ageOf } from './text.mjs';

/** All sockets read into the same memory: what is read is looked at before the next read begins. */
const SHARED = Buffer.allocUnsafe(256 * 1024);
/** Our texts alone are longer than this; what servers say besides (pings, acknowledgements) is counted as nothing. */
const SMALLEST_DELIVERY = 128;
const ENGINE_IO_PONG = clientFrame('3');
const PONG = clientFrame('', 10);

/** What all subscribers received together. */
export const received = { frames: 0, bytes: 0, closed: 0, ages: null };

/**
 * One subscriber on a bare socket. It upgrades to WebSocket, works through `steps` (`send` a text, then wait for one that
 * begins with `expect`), and from then on counts.
 */
export class Subscriber {
  #steps;
  #head = '';
  #reader = new FrameReader((opcode, length, payload) => this.#frame(opcode, length, payload));
  #ended = false;

  constructor({ host, port, path, headers = {}, steps }) {
    this.#steps = [...steps];
    this.ready = new Promise((resolve, reject) => {
      this.resolve = resolve;
      this.reject = reject;
    });
    this.socket = connect({
      host,
      port,
      noDelay: true,
      onread: { buffer: SHARED, callback: (length, bytes) => this.#read(bytes, length) },
    });
    this.socket.on('connect', () =>
      this.socket.write(
        `GET ${path} HTTP/1.1\r\nHost: ${host}:${port}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n` +
          'Sec-WebSocket-Key: cm9vbWNhc3QgYmVuY2ghIQ==\r\nSec-WebSocket-Version: 13\r\n' +
          `${lines(headers)}\r\n`,
      ),
    );
    this.socket.on('error', (error) => this.reject(error));
    this.socket.on('close', () => {
      if (!this.#ended) received.closed += 1;
      this.reject(new Error(`The server closed the connection before ${JSON.stringify(this.#steps[0] ?? 'its end')}`));
    });
  }

  end() {
    this.#ended = true;
    this.socket.destroy();
  }

  /** Looks into every text for the time it was sent; costs more than counting. */
  measureAges(on) {
    this.#reader.collect = on;
  }

  #read(bytes, length) {
    received.bytes += length;
    if (this.#head === null) this.#reader.read(bytes, length);
    else this.#upgrade(bytes, length);
    return true;
  }

  #upgrade(bytes, length) {
    this.#head += bytes.latin1Slice(0, length);
    const end = this.#head.indexOf('\r\n\r\n');
    if (end < 0) return;
    if (!this.#head.startsWith('HTTP/1.1 101')) {
      this.reject(new Error(`No upgrade: ${this.#head.slice(0, 200)}`));
      this.end();
      return;
    }
    const rest = Buffer.from(this.#head.slice(end + 4), 'latin1');
    this.#head = null;
    if (this.#steps.length === 0) this.resolve();
    else this.#begin();
    this.#reader.read(rest, rest.length);
  }

  #frame(opcode, length, payload) {
    if (opcode === 1 && length >= SMALLEST_DELIVERY && !this.#awaits(payload)) {
      received.frames += 1;
      if (payload !== null && received.ages !== null) {
        const age = ageOf(payload);
        if (age !== undefined) received.ages.push(age);
      }
    } else if (opcode === 1 && length === 1) this.socket.write(ENGINE_IO_PONG);
    else if (opcode === 9) this.socket.write(PONG);
    else if (this.#awaits(payload)) this.#step();
    else if (this.#ignores(payload)) return;
    else if (this.#steps.length > 0 && opcode === 1) {
      this.reject(new Error(`Expected ${this.#steps[0].expect}, got ${payload}`));
      this.end();
    }
  }

  #awaits(payload) {
    const step = this.#steps[0];
    return step !== undefined && payload !== null && payload.toString('utf8', 0, 64).startsWith(step.expect);
  }

  #ignores(payload) {
    const text = this.#steps[0]?.ignore;
    return text !== undefined && payload !== null && payload.toString('utf8', 0, 64).startsWith(text);
  }

  /** Where the server says nothing first, the client does. */
  #begin() {
    this.#reader.collect = true;
    this.#say();
  }

  #step() {
    this.#steps.shift();
    if (this.#steps.length > 0) return this.#say();
    this.#reader.collect = false;
    this.resolve();
  }

  #say() {
    const { send } = this.#steps[0];
    if (send !== undefined) this.socket.write(clientFrame(send));
  }
}

function lines(headers) {
  return Object.entries(headers)
    .map(([name, value]) => `${name}: ${value}\r\n`)
    .join('');
}
