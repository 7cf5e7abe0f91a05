import type { DomainEvent } from '../events/domain-event.js';
import type { RoomWords } from './dialect.js';
import { FrameBatch } from './frame-batch.js';

/** The frames of one stream's events for one room name in one kind of words: each encoded once, whoever receives it. */
export class RoomEncoding {
  /** What is kept here takes about this much. */
  bytes = 0;
  private readonly texts = new Map<number, string | null>();
  private readonly batches = new Map<string, FrameBatch>();
  private latest: { events: DomainEvent[]; batch: FrameBatch } | undefined;

  constructor(
    readonly room: string,
    readonly words: RoomWords,
  ) {}

  /** The same selection of events gives the same batch, so its wire data is made once too. */
  batch(events: DomainEvent[]): FrameBatch {
    if (this.latest?.events !== events) this.latest = { events, batch: this.selection(events) };
    return this.latest.batch;
  }

  private selection(events: DomainEvent[]): FrameBatch {
    const key = nameOf(events);
    const known = this.batches.get(key);
    if (known) return known;
    const batch = new FrameBatch(events.map((event) => this.text(event)).filter((text) => text !== null));
    this.batches.set(key, batch);
    this.bytes += batch.bytes;
    return batch;
  }

  private text(event: DomainEvent): string | null {
    const known = this.texts.get(event.seq);
    if (known !== undefined) return known;
    const text = this.words.event(event, this.room);
    this.texts.set(event.seq, text);
    this.bytes += text?.length ?? 0;
    return text;
  }
}

/** Mostly they are consecutive; otherwise it takes all of their numbers to tell them from others. */
function nameOf(events: DomainEvent[]): string {
  const first = events[0]!.seq;
  const last = events.at(-1)!.seq;
  return last - first === events.length - 1 ? `${first}-${last}` : events.map(({ seq }) => seq).join();
}
