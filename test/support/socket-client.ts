import { io, type ManagerOptions, type Socket, type SocketOptions } from 'socket.io-client';

export interface Frame {
  event: string;
  payload: Record<string, unknown> | undefined;
}

/** A resource event as it arrives. */
export interface ResourceFrame {
  id: number;
  action: string;
  room: string;
  type: string;
  path: string | null;
  resource: Record<string, unknown>;
  created_at: string;
}

const WAIT_MS = 90_000;

/** The stock Socket.IO client, with a memory of every frame and a way to wait for the next one of a kind. */
export class SocketClient {
  readonly frames: Frame[] = [];
  private readonly waiting: { matches: (frame: Frame) => boolean; found: (frame: Frame) => void }[] = [];
  private taken = 0;

  constructor(readonly socket: Socket) {
    const take = (event: string, payload?: Record<string, unknown>): void => this.take({ event, payload });
    socket.onAny((event: string, payload?: Record<string, unknown>) => take(event, payload));
    socket.on('connect', () => take('connect'));
    socket.on('disconnect', (reason) => take('disconnect', { reason }));
    socket.on('connect_error', ({ message }) => take('connect_error', { message }));
  }

  emit(event: string, ...args: unknown[]): this {
    this.socket.emit(event, ...args);
    return this;
  }

  /** The next frame that matches, among those that nobody has waited for yet or those to come. */
  next(
    event: string,
    matches: (payload: Record<string, unknown>) => boolean = () => true,
  ): Promise<Record<string, unknown>> {
    const wanted = (frame: Frame): boolean => frame.event === event && matches(frame.payload ?? {});
    const index = this.frames.findIndex((frame, at) => at >= this.taken && wanted(frame));
    if (index >= 0) {
      this.taken = index + 1;
      return Promise.resolve(this.frames[index]!.payload ?? {});
    }
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        reject(new Error(`No "${event}" came. Since the last one: ${JSON.stringify(this.frames.slice(this.taken))}`));
      }, WAIT_MS);
      this.waiting.push({
        matches: wanted,
        found: (frame) => {
          clearTimeout(timer);
          this.taken = this.frames.indexOf(frame) + 1;
          resolve(frame.payload ?? {});
        },
      });
    });
  }

  async authenticate(token: unknown): Promise<this> {
    this.emit('authenticate', { token });
    await this.next('authenticated');
    return this;
  }

  /** Joins and gives what the success said. */
  join(name: string, token: string, more: object = {}): Promise<Record<string, unknown>> {
    this.emit('realtime:join', { name, token, ...more });
    return this.next('realtime:join:success', (payload) => payload.name === name);
  }

  resources(room?: string): ResourceFrame[] {
    return this.frames
      .filter((frame) => frame.event === 'realtime:resource')
      .map((frame) => frame.payload as unknown as ResourceFrame)
      .filter((frame) => room === undefined || frame.room === room);
  }

  count(event: string): number {
    return this.frames.filter((frame) => frame.event === event).length;
  }

  close(): void {
    this.socket.disconnect();
  }

  private take(frame: Frame): void {
    this.frames.push(frame);
    const index = this.waiting.findIndex(({ matches }) => matches(frame));
    if (index >= 0) this.waiting.splice(index, 1)[0]!.found(frame);
  }
}

/** Opens a socket and waits until it is connected. */
export async function openSocket(
  url: string,
  options: Partial<ManagerOptions & SocketOptions> = {},
): Promise<SocketClient> {
  const client = new SocketClient(
    io(url, {
      path: '/socket',
      transports: ['websocket'],
      forceNew: true,
      reconnection: false,
      // A machine that stands still for a while is no fault of the server.
      timeout: WAIT_MS,
      ...options,
    }),
  );
  await client.next('connect');
  return client;
}
