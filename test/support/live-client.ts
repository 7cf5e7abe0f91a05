import { WebSocket } from 'ws';

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

const WAIT_MS = 90_000;

/** A plain WebSocket on `/live`. */
export class LiveClient {
  /** Every frame, in order. */
  readonly frames: LiveFrame[] = [];
  readonly closed: Promise<Ending>;
  /** The HTTP status with which the handshake was refused; null when it was not. */
  readonly refused: Promise<number | null>;
  readonly socket: WebSocket;
  private taken = 0;
  private requests = 0;
  private wake: () => void = () => undefined;

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
      this.frames.push(JSON.parse((data as Buffer).toString()) as LiveFrame);
      this.wake();
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
  async next(matches: (frame: LiveFrame) => boolean = () => true): Promise<LiveFrame> {
    const deadline = Date.now() + WAIT_MS;
    for (;;) {
      const index = this.frames.findIndex((frame, at) => at >= this.taken && matches(frame));
      if (index >= 0) {
        this.taken = index + 1;
        return this.frames[index]!;
      }
      const left = deadline - Date.now();
      if (left <= 0) throw new Error(`Nothing more came than ${JSON.stringify(this.frames.slice(this.taken))}`);
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, left);
        this.wake = () => (clearTimeout(timer), resolve());
      });
    }
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
