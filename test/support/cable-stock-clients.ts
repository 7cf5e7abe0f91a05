import { createCable } from '@anycable/core';
import { WebSocket } from 'ws';

export type CableMessage = Record<string, unknown> & { event: string };

/** What a stock client was told of one subscription. */
export class Inbox {
  readonly messages: CableMessage[] = [];
  /** How often the client was told that it is subscribed. */
  connected = 0;
  rejected = 0;
  private wake: () => void = () => undefined;

  told(change: () => void): void {
    change();
    this.wake();
  }

  get events(): string[] {
    return this.messages.map(({ event }) => event);
  }

  /** Resolves when this is true of what has come. */
  async until(holds: (inbox: this) => boolean): Promise<this> {
    const deadline = Date.now() + 90_000;
    while (!holds(this)) {
      const left = deadline - Date.now();
      if (left <= 0) throw new Error(`Not told; ${this.connected}/${this.rejected} ${JSON.stringify(this.events)}`);
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, left);
        this.wake = () => (clearTimeout(timer), resolve());
      });
    }
    return this;
  }

  async count(event: string, times = 1): Promise<this> {
    return this.until(({ events }) => events.filter((one) => one === event).length >= times);
  }
}

/** One of the npm clients that people use for ActionCable, unmodified. */
export interface StockClient {
  /** Subscribes, and waits until the client says that it is, or that it may not be. */
  subscribe(params: { channel: string } & Record<string, string | number>): Promise<Inbox>;
  close(): void;
}

export interface StockOptions {
  /** Asked for when the server says that the token has expired. */
  refresh?: () => Promise<string>;
}

export type Connect = (url: string, token: string, options?: StockOptions) => StockClient;

function cableUrl(url: string, token: string): string {
  return `${url.replace(/^http/, 'ws')}/cable?jid=${token}`;
}

interface Rails {
  adapters: { WebSocket: unknown };
  createConsumer(url: string): {
    subscriptions: { create(params: object, mixin: Record<string, (data: CableMessage) => void>): unknown };
    disconnect(): void;
  };
}

/** What the Rails client expects of a browser, while it is loaded and while it is used. */
const BROWSER = {
  self: globalThis,
  addEventListener: () => undefined,
  removeEventListener: () => undefined,
  document: { visibilityState: 'visible' },
};

Object.assign(globalThis, BROWSER);
const rails8: unknown = await import('@rails/actioncable');
const rails7: unknown = await import('rails-actioncable-7');
leaveBrowser();

/** For a test file that uses the Rails clients; the files after it are in Node again. */
export function inBrowser(): void {
  beforeAll(() => void Object.assign(globalThis, BROWSER));
  afterAll(leaveBrowser);
}

function leaveBrowser(): void {
  for (const name of Object.keys(BROWSER)) Reflect.deleteProperty(globalThis, name);
}

function rails(module: unknown): Connect {
  const client = ((module as { default?: unknown }).default ?? module) as Rails;
  return (url, token) => {
    client.adapters.WebSocket = WebSocket;
    const consumer = client.createConsumer(cableUrl(url, token));
    return {
      subscribe: async (params) => {
        const inbox = new Inbox();
        consumer.subscriptions.create(params, {
          connected: () => inbox.told(() => (inbox.connected += 1)),
          rejected: () => inbox.told(() => (inbox.rejected += 1)),
          received: (message) => inbox.told(() => inbox.messages.push(message)),
        });
        return inbox.until(({ connected, rejected }) => connected + rejected > 0);
      },
      close: () => consumer.disconnect(),
    };
  };
}

function anycable(protocol: 'actioncable-v1-json' | 'actioncable-v1-ext-json'): Connect {
  return (url, token, { refresh } = {}) => {
    const cable = createCable(cableUrl(url, token), {
      protocol,
      websocketImplementation: WebSocket,
      reconnectStrategy: () => 100,
      logLevel: 'error',
      tokenRefresher: refresh && (async (transport) => transport.setToken(await refresh(), 'jid')),
    });
    return {
      subscribe: async ({ channel, ...params }) => {
        const inbox = new Inbox();
        const subscription = cable.subscribeTo(channel, params);
        subscription.on('connect', () => inbox.told(() => (inbox.connected += 1)));
        subscription.on('close', () => inbox.told(() => (inbox.rejected += 1)));
        subscription.on('message', (message) => inbox.told(() => inbox.messages.push(message as CableMessage)));
        return inbox.until(({ connected, rejected }) => connected + rejected > 0);
      },
      close: () => void cable.disconnect(),
    };
  };
}

export const STOCK_CLIENTS: [string, Connect][] = [
  ['@rails/actioncable 8.1', rails(rails8)],
  ['@rails/actioncable 7.0', rails(rails7)],
  ['@anycable/core', anycable('actioncable-v1-json')],
  ['@anycable/core, extended', anycable('actioncable-v1-ext-json')],
];
