import { WebSocket } from 'ws';
import { Arrivals } from './arrivals.js';

/** A frame as the server sends it. */
export interface LiveFrame {
  MessageSource: string;
  EventType: string;
  ObjectType: string;
  EventData: Record<string, unknown>;
  id?: string | number;
  position?: number;
}

export interface LiveOptions {
  token?: string;
  headers?: Record<string, string>;
}

/** How a connection ended. */
export interface Ending {
  code: number;
  reason: string;
}

/** A plain WebSocket on `/live`. */
export class LiveClient {
  private readonly arrivals = new Arrivals<LiveFrame>();
  /** Every frame, in order. */
  readonly frames = this.arrivals.items;
  readonly closed: Promise<Ending>;
  /** The HTTP status with which the handshake was refused; null when it was not. */
  readonly refused: Promise<number | null>;
  readonly socket: WebSocket;
  private requests = 0;

  constructor(url: string, { token, headers = {} }: LiveOptions = {}) {
    const query = token === undefined ? '' : `?token=${token}`;
    this.socket = new WebSocket(`${url.replace(/^http/, 'ws')}/live${query}`, { headers });
    this.closed = new Promise((resolve) =>
      this.socket.once('close', (code, reason) => resolve({ code, reason: reason.toString() })),
    );
    this.refused = new Promise((resolve) => {
      this.socket.once('open', () => resolve(null));
      this.socket.once('unexpected-response', (_request, response) => {
        resolve(response.statusCode!);
        this.socket.terminate();
      });
    });
    this.socket.on('message', (data) => {
      this.arrivals.add(JSON.parse((data as Buffer).toString()) as LiveFrame);
    });
    this.socket.on('error', () => undefined);
  }

  static async open(url: string, token: string): Promise<LiveClient> {
    const client = new LiveClient(url, { token });
    await new Promise((resolve) => client.socket.once('open', resolve));
    return client;
  }

  send(frame: unknown): void {
    this.socket.send(typeof frame === 'string' || Buffer.isBuffer(frame) ? frame : JSON.stringify(frame));
  }

  /** Asks with an id, and gives the answer. */
  async ask(method: string, attributes?: object): Promise<LiveFrame> {
    const id = `request ${(this.requests += 1)}`;
    this.send({ method, attributes, id });
    return this.next((frame) => frame.id === id);
  }

  /** Subscribes, and is sure of it. */
  async subscribe(topic: string, more: object = {}): Promise<LiveFrame> {
    const answer = await this.ask('subscribe', { topic, ...more });
    if (answer.EventType !== 'subscribed') throw new Error(JSON.stringify(answer));
    return answer;
  }

  /** The next frame that matches; what came before it counts as seen. */
  next(matches?: (frame: LiveFrame) => boolean): Promise<LiveFrame> {
    return this.arrivals.next(matches);
  }

  /** The events of a topic so far. */
  events(topic?: string): LiveFrame[] {
    return this.frames.filter(
      ({ MessageSource, ObjectType }) => MessageSource !== 'system' && (topic === undefined || ObjectType === topic),
    );
  }

  close(): void {
    this.socket.close();
  }
}
