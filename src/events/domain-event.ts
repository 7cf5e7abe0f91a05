import type { Author } from '../common/author.js';
import type { JsonObject } from '../common/json.js';

/** What happened, in the words of the feature: the past tense of a command. */
export type EventAction = string;

/** A change as a feature describes it, before it has a number. */
export interface EventDraft {
  /** The stream that gives the order, e.g. `chat-rooms/<uuid>`; built only in the owning feature's `*.streams.ts`. */
  stream: string;
  /** `created`, `updated`, `deleted`, `saved`, or a word of the feature such as `custom`. */
  action: EventAction;
  /** The kind of thing, singular: `message`, `channel`. */
  type: string;
  /** Where the thing lives, e.g. `/chat-rooms/<uuid>/messages/7`; null when it has no address. */
  path: string | null;
  /** The public view of the thing after the change. Never an entity. */
  resource: JsonObject | null;
  /** The sub-room of a stream that has sub-rooms (a `separate_rooms` channel), else null. */
  room?: string | null;
  /**
   * The members whom it concerns in particular, for rooms that tell each member only of such events; absent: it concerns
   * nobody more than others. Never sent to clients, and no right: it narrows what somebody who may see the stream is told.
   */
  concerns?: number[];
  /** How often the thing has been written, its birth included; absent: 1. `RealtimeSubscriber` says it where a row counts. */
  version?: number;
  /**
   * The event row is the thing itself, so its view carries the event's own number and time as `id` and `created_at`. A
   * resource that ends with these, 0 and '' for now, gets them once they are known; another one is copied.
   */
  numbered?: boolean;
  /**
   * It changes nothing about who may write to the stream, and what. Said by what is written all the time (messages), so
   * that writers may go on with what they know; without it they look again (`EventLog.rules`).
   */
  keepsRules?: boolean;
  /** Who and which request caused it; by default those of the running request. Needed where one transaction serves several. */
  cause?: { author: Author | null; requestId: string | null };
}

/** The fact that something committed: one row of the event log, the same wherever it is read. */
export interface DomainEvent {
  stream: string;
  /** 1, 2, 3 ... without holes inside the stream. */
  seq: number;
  action: EventAction;
  type: string;
  path: string | null;
  room: string | null;
  resource: JsonObject | null;
  /** As in the draft; null where it says nothing. */
  concerns: number[] | null;
  /** As in the draft; 1 where nobody counts. */
  version: number;
  author: Author | null;
  /** ISO 8601, UTC, milliseconds. */
  createdAt: string;
  /** The request that caused it, for tracing; never sent to clients as identity. */
  requestId: string | null;
  /** The head of the access stream when this event was numbered: no node delivers it before it has applied the access changes up to here. */
  fence: number;
}

/** Where a reader stands in a stream. */
export interface Position {
  /** The number of the last event seen; 0 is before the first. */
  seq: number;
  /** Changes only when the log was lost or replaced, so that an old number is never mistaken for a new one. */
  epoch: string;
}

/** Consecutive events of one stream, in order. The unit from commit to socket. */
export interface EventBatch {
  stream: string;
  events: DomainEvent[];
}

/** Groups events by stream; each group stays in order. */
export function batchesByStream(events: DomainEvent[]): EventBatch[] {
  const batches = new Map<string, EventBatch>();
  for (const event of events) {
    const batch = batches.get(event.stream);
    if (batch) batch.events.push(event);
    else batches.set(event.stream, { stream: event.stream, events: [event] });
  }
  return [...batches.values()];
}
