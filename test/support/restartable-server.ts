import { type SpawnedServer, spawnServer } from './spawn-server.js';

/** A server process with many lives on the same data; each life has a port of its own. */
export class RestartableServer {
  private life: Promise<SpawnedServer>;
  private readonly listeners: ((server: SpawnedServer) => Promise<void>)[] = [];
  lives = 1;

  private constructor(
    private readonly env: Record<string, string>,
    first: SpawnedServer,
  ) {
    this.life = Promise.resolve(first);
  }

  static async start(env: Record<string, string>): Promise<RestartableServer> {
    return new RestartableServer(env, await spawnServer(env));
  }

  /** The server that answers now, or the next one as soon as it does. */
  current(): Promise<SpawnedServer> {
    return this.life;
  }

  /** Called in each new life before anybody else learns of it. */
  onRestart(listener: (server: SpawnedServer) => Promise<void>): void {
    this.listeners.push(listener);
  }

  /** kill -9, and up again. */
  crash(): Promise<SpawnedServer> {
    const last = this.life;
    this.life = (async () => {
      await (await last).kill();
      const next = await spawnServer(this.env);
      this.lives += 1;
      return next;
    })();
    return this.life.then(async (server) => {
      await Promise.all(this.listeners.map((listener) => listener(server)));
      return server;
    });
  }

  async end(): Promise<void> {
    await (await this.life).kill();
  }
}
