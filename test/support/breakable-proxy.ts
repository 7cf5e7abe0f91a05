import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { pipeBothWays } from './pipe.js';

/** Stands before a service and can take it away: connections break and new ones are refused, or everything is swallowed. */
export class BreakableProxy {
  private readonly sockets = new Set<Socket>();
  private server: Server | null = null;
  private port = 0;
  private holding = false;

  constructor(private readonly target: URL) {}

  async open(): Promise<void> {
    if (this.server) return;
    const server = createServer((near) => this.join(near));
    await new Promise<void>((resolve) => server.listen(this.port, '127.0.0.1', resolve));
    this.port = (server.address() as AddressInfo).port;
    this.server = server;
  }

  async break(): Promise<void> {
    const server = this.server;
    if (server === null) return;
    this.server = null;
    const closed = new Promise((resolve) => server.close(resolve));
    for (const socket of this.sockets) socket.destroy();
    await closed;
  }

  /** From now on nothing passes and nobody is told, as when a host is gone. */
  hold(): void {
    this.holding = true;
    for (const socket of this.sockets) socket.unpipe().pause();
  }

  /** What is open now stays dead, new connections get through. */
  release(): void {
    this.holding = false;
  }

  /** The target's address with the proxy in its place. */
  get url(): string {
    const url = new URL(this.target);
    url.hostname = '127.0.0.1';
    url.port = String(this.port);
    return url.toString();
  }

  private join(near: Socket): void {
    if (this.holding) {
      this.sockets.add(near.pause());
      return void near.on('error', () => undefined).on('close', () => this.sockets.delete(near));
    }
    const far = connect(Number(this.target.port || 5432), this.target.hostname);
    pipeBothWays(near, far, this.sockets);
  }
}
