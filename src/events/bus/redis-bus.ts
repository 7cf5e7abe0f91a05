import { randomUUID } from 'node:crypto';
import { Logger, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { Redis } from 'ioredis';
import { EventBus, type Signal, type StreamHint } from './event-bus.js';
import { RedisPulse } from './redis-pulse.js';

/** Larger events are announced by number only; the other nodes read them from the log. */
const MAX_PAYLOAD_BYTES = 64 * 1024;
/** What Redis has not taken yet, in characters. Beyond that nothing is sent: it stands still, and hints are hints. */
const MAX_UNDER_WAY = 8 * 1024 * 1024;

interface Message {
  node: string;
  hints?: StreamHint[];
  signals?: Signal[];
  words?: object;
}

/**
 * Carries hints and signals between nodes over Redis publish/subscribe. While Redis is away the nodes go on alone and
 * find each other's events by their sweep of the log.
 */
export class RedisBus extends EventBus implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly logger = new Logger(RedisBus.name);
  private readonly node = randomUUID();
  private readonly publisher: Redis;
  private readonly subscriber: Redis;
  private readonly pulses: RedisPulse[];
  private underWay = 0;
  private channel = '';
  private available = true;

  /** @param databaseName names the database that the nodes share: only nodes of one database hear each other. */
  constructor(
    url: string,
    private readonly databaseName: () => Promise<string>,
  ) {
    super();
    const options = { lazyConnect: true, retryStrategy: (attempt: number) => Math.min(attempt * 100, 2_000) };
    // Offline queueing would deliver old hints late and grow without bound: what cannot be sent now is not sent.
    this.publisher = new Redis(url, { ...options, enableOfflineQueue: false, maxRetriesPerRequest: 0 });
    // Subscribing again after a loss is ours: the client's own way leaves its failure to nobody.
    this.subscriber = new Redis(url, { ...options, maxRetriesPerRequest: null, autoResubscribe: false });
    for (const connection of [this.publisher, this.subscriber]) {
      connection.on('error', (error: Error) => this.lost(error));
    }
    this.pulses = [this.publisher, this.subscriber].map((connection) => new RedisPulse(connection));
    this.subscriber.on('message', (_channel: string, text: string) => this.accept(text));
    this.subscriber.on('ready', () => void this.subscribe());
    this.publisher.on('ready', () => this.receivedFromPeers()?.gap());
  }

  async onApplicationBootstrap(): Promise<void> {
    this.channel = `roomcast:${await this.databaseName()}:events`;
    // A Redis that is down must not keep the service from starting: both connections go on trying.
    void this.publisher.connect().catch(() => undefined);
    void this.subscriber.connect().catch(() => undefined);
    for (const pulse of this.pulses) pulse.start();
  }

  onModuleDestroy(): void {
    for (const pulse of this.pulses) pulse.stop();
    this.publisher.disconnect();
    this.subscriber.disconnect();
  }

  tellPeers(words: object): void {
    this.send(this.encode({ words }));
  }

  protected publishToOthers(hints: StreamHint[]): void {
    this.hintsSent += hints.length;
    const text = this.encode({ hints });
    this.send(
      text.length <= MAX_PAYLOAD_BYTES
        ? text
        : this.encode({ hints: hints.map((hint) => ({ ...hint, events: null })) }),
    );
  }

  protected signalOthers(signal: Signal): void {
    this.send(this.encode({ signals: [signal] }));
  }

  private async subscribe(): Promise<void> {
    try {
      await this.subscriber.subscribe(this.channel);
      this.available = true;
      this.received()?.gap();
      this.receivedFromPeers()?.gap();
    } catch (error) {
      this.lost(error as Error);
    }
  }

  private encode(message: Omit<Message, 'node'>): string {
    return JSON.stringify({ node: this.node, ...message });
  }

  private send(text: string): void {
    // Its connection tells itself that it is gone.
    if (this.publisher.status !== 'ready' || this.underWay > MAX_UNDER_WAY) return;
    this.underWay += text.length;
    this.publisher
      .publish(this.channel, text)
      .catch((error: Error) => this.lost(error))
      .finally(() => (this.underWay -= text.length));
  }

  private accept(text: string): void {
    const message = JSON.parse(text) as Message;
    if (message.words) this.receivedFromPeers()?.heard(message.words);
    if (message.node === this.node) return;
    this.hintsReceived += message.hints?.length ?? 0;
    if (message.hints) this.received()?.hints(message.hints);
    if (message.signals) this.received()?.signals(message.signals);
  }

  private lost(error: Error): void {
    if (this.available) this.logger.warn(`Redis is away, other nodes are found through the log: ${error.message}`);
    this.available = false;
  }
}
