import type { Author } from '../common/author.js';
import type { JsonObject } from '../common/json.js';
import type { DomainEvent, EventDraft } from './domain-event.js';

/** Where an event stands: what the log adds to its draft. */
export interface Place {
  seq: number;
  createdAt: string;
  fence: number;
  author: Author | null;
  requestId: string | null;
}

/**
 * An event just as it was written. The log has its resource as JSON already, and those who tell of the event need the
 * same text: it stays at hand until they have.
 */
export class WrittenEvent implements DomainEvent {
  readonly stream: string;
  readonly seq: number;
  readonly action: string;
  readonly type: string;
  readonly path: string | null;
  readonly room: string | null;
  readonly resource: JsonObject | null;
  readonly concerns: number[] | null;
  readonly version: number;
  readonly author: Author | null;
  readonly createdAt: string;
  readonly requestId: string | null;
  readonly fence: number;
  /** Not a field that a copy would take along: a copy may have another resource. */
  #text: string | null;

  constructor(
    draft: EventDraft,
    { seq, createdAt, fence, author, requestId }: Place,
    path: string | null,
    resource: JsonObject | null,
    text: string | null,
  ) {
    this.stream = draft.stream;
    this.seq = seq;
    this.action = draft.action;
    this.type = draft.type;
    this.path = path;
    this.room = draft.room ?? null;
    this.resource = resource;
    this.concerns = draft.concerns ?? null;
    this.version = draft.version ?? 1;
    this.author = author;
    this.createdAt = createdAt;
    this.requestId = requestId;
    this.fence = fence;
    this.#text = text;
  }

  /** The JSON of an event's resource, if it is at hand. */
  static textOf(event: DomainEvent): string | null {
    return #text in event ? event.#text : null;
  }

  /** Those who live here have been told. */
  static forgetText(event: DomainEvent): void {
    if (#text in event) event.#text = null;
  }
}

/** The resource of an event as JSON. */
export function resourceText(event: DomainEvent): string {
  return WrittenEvent.textOf(event) ?? JSON.stringify(event.resource);
}
