import { WebSocket } from 'ws';
import { Arrivals } from './arrivals.js';

/** A frame as the server sends it. */
export interface CableFrame {
  type?: string;
  identifier?: string;
  message?: Record<string, unknown> & { event: string };
  sid?: string;
  reason?: string;
  reconnect?: boolean;
  restored?: boolean;
  restored_ids?: string[];
  stream_id?: string;
  epoch?: string;
  offset?: number;
}

export interface CableOptions {
  token?: string;
  query?: string;
  protocols?: string[];
  headers?: Record<string, string>;
}

/** A plain WebSocket on `/cable`, for what the stock clients do not show: every frame, and frames of one's own. */
export class CableClient {
  private readonly arrivals = new Arrivals<CableFrame>();
  /** Every frame but the pings. */
  readonly frames = this.arrivals.items;
  readonly pings: number[] = [];
  /** The code with which the connection was closed. */
  readonly closed: Promise<number>;

  constructor(url: string, { token, query = '', protocols = [], headers = {} }: CableOptions = {}) {
    const authorization: Record<string, string> = token === undefined ? {} : { authorization: `Bearer ${token}` };
    this.socket = new WebSocket(`${url.replace(/^http/, 'ws')}/cable${query}`, protocols, {
      headers: { ...authorization, ...headers },
    });
    this.closed = new Promise((resolve) => this.socket.once('close', resolve));
    this.socket.on('message', (data) => {
      const frame = JSON.parse((data as Buffer).toString()) as CableFrame;
      if (frame.type !== 'ping') return this.arrivals.add(frame);
      this.pings.push(frame.message as unknown as number);
      this.arrivals.changed();
    });
    this.socket.on('error', () => undefined);
  }

  readonly socket: WebSocket;

  /** Connects and waits for the welcome. */
  static async open(url: string, options: CableOptions): Promise<CableClient> {
    const client = new CableClient(url, options);
    await client.next(({ type }) => type === 'welcome');
    return client;
  }

  send(frame: unknown): void {
    this.socket.send(typeof frame === 'string' || Buffer.isBuffer(frame) ? frame : JSON.stringify(frame));
  }

  /** Sends as soon as there is a connection, before any welcome. */
  sendOnOpen(frame: unknown): void {
    this.socket.once('open', () => this.send(frame));
  }

  /** Subscribes, and gives the answer. */
  async subscribe(identifier: string | object, more: object = {}): Promise<CableFrame> {
    const text = typeof identifier === 'string' ? identifier : JSON.stringify(identifier);
    this.send({ command: 'subscribe', identifier: text, ...more });
    return this.next((frame) => frame.identifier === text && /^(confirm|reject)_subscription$/.test(frame.type ?? ''));
  }

  /** The next frame that matches; what came before it counts as seen. */
  next(matches: (frame: CableFrame) => boolean): Promise<CableFrame> {
    return this.arrivals.next(matches);
  }

  /** The next message of a queue, by its event. */
  async event(name: string, channel?: string): Promise<Record<string, unknown>> {
    const found = await this.next(
      ({ message, identifier }) =>
        message?.event === name && (channel === undefined || identifier!.includes(`"${channel}"`)),
    );
    return found.message!;
  }

  pinged(count: number): Promise<void> {
    return this.arrivals.until(() => this.pings.length >= count);
  }

  /** The events that came for a channel, in order. */
  events(channel: string): string[] {
    return this.messages(channel).map(({ event }) => event);
  }

  messages(channel: string): (Record<string, unknown> & { event: string })[] {
    return this.frames
      .filter(({ message, identifier }) => message && identifier!.includes(`"${channel}"`))
      .map(({ message }) => message!);
  }

  close(): void {
    this.socket.close();
  }
}
