import { setTimeout as pause } from 'node:timers/promises';
import { io, type Socket } from 'socket.io-client';
import type { ResourceFrame } from './socket-client.js';

const LOOK_MS = 20;
const PATIENCE_MS = 90_000;

/** What somebody needs to get in: an access token, and a room token for each room. */
export interface Ticket {
  access: string;
  rooms: Record<string, string>;
}

/** A stock client as an app would use it: after every connect it logs in, and joins its rooms where it stopped. */
export class AppClient {
  readonly seen = new Map<string, ResourceFrame[]>();
  /** Why each of its connections ended. */
  readonly goodbyes: string[] = [];
  readonly refusals: unknown[] = [];
  resyncs = 0;
  joins = 0;
  readonly socket: Socket;

  constructor(
    url: string,
    private readonly ticket: Ticket,
  ) {
    for (const room of this.rooms) this.seen.set(room, []);
    const options = { path: '/socket', transports: ['websocket'], forceNew: true };
    this.socket = io(url, { ...options, reconnectionDelay: 100, reconnectionDelayMax: 500 });
    this.socket.on('connect', () => this.socket.emit('authenticate', { token: ticket.access }));
    this.socket.on('authenticated', () => this.join());
    this.socket.on('unauthorized', (refusal) => this.refusals.push(refusal));
    this.socket.on('realtime:join:error', (refusal) => this.refusals.push(refusal));
    this.socket.on('realtime:join:success', ({ resync = false }: { resync?: boolean }) => {
      this.joins += 1;
      if (resync) this.resyncs += 1;
    });
    this.socket.on('realtime:resource', (frame: ResourceFrame) => this.seen.get(frame.room)!.push(frame));
    this.socket.on('disconnect', (reason) => this.goodbyes.push(reason));
  }

  /** It is in all of its rooms, for so many connections. */
  async joined(connections = 1): Promise<void> {
    await until(() => this.joins >= this.rooms.length * connections, `${connections} joins`);
  }

  /** Resolves when the event with this number has been seen. */
  async reached(room: string, id: number): Promise<void> {
    await until(() => (this.seen.get(room)!.at(-1)?.id ?? 0) >= id, `event ${id} of ${room}`);
  }

  ids(room: string): number[] {
    return this.seen.get(room)!.map(({ id }) => id);
  }

  close(): void {
    this.socket.disconnect();
  }

  private get rooms(): string[] {
    return Object.keys(this.ticket.rooms);
  }

  private join(): void {
    for (const [name, token] of Object.entries(this.ticket.rooms)) {
      this.socket.emit('realtime:join', { name, token, last_id: this.seen.get(name)!.at(-1)?.id ?? 0 });
    }
  }
}

/** Waits for what happens by itself, as long as a very busy machine may take. */
export async function until(done: () => boolean | Promise<boolean>, what: string): Promise<void> {
  const deadline = Date.now() + PATIENCE_MS;
  while (!(await done())) {
    if (Date.now() > deadline) throw new Error(`Waited in vain for ${what}`);
    await pause(LOOK_MS);
  }
}
