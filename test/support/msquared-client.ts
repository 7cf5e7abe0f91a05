import { base58 } from '@scure/base';
import { WebSocket } from 'ws';
import { Arrivals } from './arrivals.js';

/** What the server sends: an update, a warning or an error. */
export interface MsquaredFrame {
  userId?: string;
  resource?: Resource;
  data?: unknown;
  version?: string;
  warning?: string;
  message?: string;
  error?: string;
  requestId?: string;
}

export interface Resource {
  type: string;
  id: string;
}

export interface MsquaredOptions {
  token?: string;
  headers?: Record<string, string>;
  protocols?: string[];
  path?: string;
}

const warning = (kind: string): MsquaredFrame => ({
  warning: 'resource_not_found',
  message: `${kind} resource doesn't currently exist, subscription was still made successfully`,
});

/** What is said of resources that are not there. */
export const WARNINGS = {
  KVStore: warning('KVStore'),
  Collection: warning('Collection'),
  LiveConfig: warning('LiveConfig'),
};

/** Headers as a sub-protocol holds them. */
export function toProtocol(lines: string | string[]): string {
  return base58.encode(Buffer.from([lines].flat().join('\n')));
}

/** A plain WebSocket on `/api/realtime`. */
export class MsquaredClient {
  private readonly arrivals = new Arrivals<MsquaredFrame>();
  readonly frames = this.arrivals.items;
  readonly socket: WebSocket;
  /** The code with which the connection was closed. */
  readonly closed: Promise<number>;

  constructor(url: string, { token, headers = {}, protocols = [], path = '/api/realtime' }: MsquaredOptions = {}) {
    const authorization: Record<string, string> = token === undefined ? {} : { authorization: `Bearer ${token}` };
    this.socket = new WebSocket(`${url.replace(/^http/, 'ws')}${path}`, protocols, {
      headers: { ...authorization, ...headers },
    });
    this.closed = new Promise((resolve) => this.socket.once('close', resolve));
    this.socket.on('message', (data) => {
      this.arrivals.add(JSON.parse((data as Buffer).toString()) as MsquaredFrame);
    });
    this.socket.on('error', () => undefined);
  }

  /** Connects, or throws the status with which the handshake was refused. */
  static async open(url: string, options: MsquaredOptions): Promise<MsquaredClient> {
    const client = new MsquaredClient(url, options);
    const { socket } = client;
    await new Promise<void>((resolve, reject) => {
      socket.once('open', resolve);
      socket.once('unexpected-response', (_request, { statusCode }) => reject(new Error(`refused with ${statusCode}`)));
      socket.once('error', reject);
    });
    return client;
  }

  send(frame: unknown): void {
    this.socket.send(typeof frame === 'string' || Buffer.isBuffer(frame) ? frame : JSON.stringify(frame));
  }

  /** Subscribes, and gives the next frame, which has to be the answer. */
  async subscribe(type: string, id: string, more: object = {}): Promise<MsquaredFrame> {
    this.send({ action: 'subscribe', resource: { type, id }, ...more });
    return this.next();
  }

  unsubscribe(type: string, id: string): void {
    this.send({ action: 'unsubscribe', resource: { type, id } });
  }

  /** The next frame. */
  next(): Promise<MsquaredFrame> {
    return this.arrivals.next();
  }

  /** So many frames that nobody asked for, and whatever else comes before the answer to a message that is sent then. */
  async rest(atLeast = 0): Promise<MsquaredFrame[]> {
    const rest: MsquaredFrame[] = [];
    while (rest.length < atLeast) rest.push(await this.next());
    const requestId = Math.random().toString();
    this.send({ action: 'subscribe', resource: { type: 'liveConfig', id: requestId }, requestId });
    for (;;) {
      const frame = await this.next();
      if (frame.requestId === requestId) return rest;
      rest.push(frame);
    }
  }

  close(): void {
    this.socket.close();
  }
}
