import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { pipeBothWays } from './pipe.js';

const LOOK_MS = 50;

interface Backend {
  url: URL;
  ready: boolean;
}

/** What stands before several nodes: asks each of them often whether it is ready, and sends connections to one that is. */
export class LoadBalancer {
  private readonly backends = new Map<string, Backend>();
  private readonly sockets = new Set<Socket>();
  private readonly server: Server;
  private turn = 0;
  private open = true;
  private readonly looking: Promise<void>;

  constructor() {
    this.server = createServer((near) => this.join(near)).listen(0, '127.0.0.1');
    this.looking = this.look();
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** Takes this node in, instead of the one that had the name before. */
  async add(name: string, url: string): Promise<void> {
    const backend = { url: new URL(url), ready: false };
    this.backends.set(name, backend);
    while (!backend.ready) await pause(LOOK_MS);
  }

  async close(): Promise<void> {
    this.open = false;
    for (const socket of this.sockets) socket.destroy();
    await this.looking;
    await new Promise((resolve) => this.server.close(resolve));
  }

  private async look(): Promise<void> {
    while (this.open) {
      await Promise.all([...this.backends.values()].map((backend) => this.ask(backend)));
      await pause(LOOK_MS);
    }
  }

  private async ask(backend: Backend): Promise<void> {
    const reply = await fetch(new URL('/health/ready', backend.url)).catch(() => null);
    await reply?.arrayBuffer().catch(() => undefined);
    backend.ready = reply?.status === 200;
  }

  private join(near: Socket): void {
    const ready = [...this.backends.values()].filter((backend) => backend.ready);
    const backend = ready[(this.turn += 1) % Math.max(ready.length, 1)];
    near.on('error', () => undefined);
    if (!backend) return void near.destroy();
    const far = connect(Number(backend.url.port), backend.url.hostname);
    pipeBothWays(near, far, this.sockets);
  }
}
