import { openSocket, type ResourceFrame, type SocketClient } from './socket-client.js';

const WAIT_MS = 90_000;

/** Somebody who stays in one room over any number of connections: each one resumes after the last event seen. */
export class ResumingClient {
  /** Every event of the room, over all connections. */
  readonly seen: ResourceFrame[] = [];
  readonly joins: Record<string, unknown>[] = [];
  private client: SocketClient | null = null;
  private wake: () => void = () => undefined;

  constructor(
    private readonly accessToken: string,
    private readonly room: string,
    private readonly roomToken: string,
    private readonly startAfter = 0,
  ) {}

  async connect(url: string): Promise<void> {
    this.client?.close();
    const client = (this.client = await openSocket(url));
    client.socket.on('realtime:resource', (frame: ResourceFrame) => {
      if (client !== this.client || frame.room !== this.room) return;
      this.seen.push(frame);
      this.wake();
    });
    await client.authenticate(this.accessToken);
    this.joins.push(await client.join(this.room, this.roomToken, { last_id: this.seen.at(-1)?.id ?? this.startAfter }));
  }

  /** Resolves when the event with this number has been seen. */
  async reached(id: number): Promise<void> {
    const deadline = Date.now() + WAIT_MS;
    while ((this.seen.at(-1)?.id ?? 0) < id) {
      const left = deadline - Date.now();
      if (left <= 0) throw new Error(`${this.room} stopped at event ${this.seen.at(-1)?.id ?? 0} of ${id}`);
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, left);
        this.wake = () => (clearTimeout(timer), resolve());
      });
    }
  }

  close(): void {
    this.client?.close();
  }
}
