import { Arrivals } from './arrivals.js';

/** One event of a stream, as it came. */
export interface ServerSentEvent {
  event: string;
  id: string;
  data: Record<string, unknown>;
}

/** Reads a stream of server-sent events with nothing but `fetch`, as any client could. */
export class EventReader {
  private readonly arrivals = new Arrivals<ServerSentEvent>();
  readonly events = this.arrivals.items;
  readonly ended: Promise<void>;
  private readonly abort: AbortController;

  private constructor(
    readonly response: Response,
    abort: AbortController,
  ) {
    this.abort = abort;
    this.ended = this.read()
      .catch(() => undefined)
      .finally(() => this.arrivals.end());
  }

  static async open(url: string, headers: Record<string, string> = {}): Promise<EventReader> {
    const abort = new AbortController();
    const response = await fetch(url, { headers, signal: abort.signal });
    return new EventReader(response, abort);
  }

  /** The id of the last event that had one. */
  get lastId(): string {
    return this.events.findLast(({ id }) => id !== '')?.id ?? '';
  }

  get resources(): Record<string, unknown>[] {
    return this.events.filter(({ event }) => event === 'message').map(({ data }) => data);
  }

  next(matches: (event: ServerSentEvent) => boolean): Promise<ServerSentEvent> {
    return this.arrivals.next(matches);
  }

  close(): void {
    this.abort.abort();
  }

  private async read(): Promise<void> {
    const decoder = new TextDecoder();
    let text = '';
    for await (const chunk of this.response.body as unknown as AsyncIterable<Uint8Array>) {
      text += decoder.decode(chunk, { stream: true });
      const blocks = text.split('\n\n');
      text = blocks.pop()!;
      for (const block of blocks) this.take(block);
    }
  }

  private take(block: string): void {
    const field = (name: string): string =>
      block
        .split('\n')
        .find((line) => line.startsWith(`${name}: `))
        ?.slice(name.length + 2) ?? '';
    const data = field('data');
    if (data === '') return;
    this.arrivals.add({
      event: field('event') || 'message',
      id: field('id'),
      data: JSON.parse(data) as Record<string, unknown>,
    });
  }
}
