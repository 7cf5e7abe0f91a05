import { isObject, type JsonObject, type JsonValue } from '../../common/json.js';
import type { DomainEvent } from '../../events/domain-event.js';
import type { RoomWords } from '../../realtime/dialect.js';
import { payloadIn } from '../../realtime/topics/topic-message.js';
import { frames } from './live.frames.js';
import { sourceOf } from './live.references.js';
import type { RowBook } from './live.rows.js';

/** An event as a client may filter it: its type, and the columns or keys of what it is about. */
export interface Said {
  eventType: string;
  columns: JsonObject;
}

/** How those who have subscribed to a topic call it, and what they are told besides. */
export interface Called {
  topic: string;
  /** Whether each frame says where it stands, for clients that come back. */
  positioned: boolean;
}

function messageOf(payload: JsonValue | undefined): Said | null {
  return isObject(payload) ? { eventType: 'new-message', columns: payload } : null;
}

/** Says what a room tells to those who have subscribed to a topic (docs/dialects/daptin.md). */
export abstract class TopicWords implements RoomWords {
  readonly name: string;

  /** @param whole whether losing the room is losing the topic. */
  constructor(
    protected readonly called: Called,
    private readonly whole = true,
  ) {
    this.name = `daptin ${called.positioned} ${called.topic}`;
  }

  abstract event(event: DomainEvent): string | null;

  /** Null for what is not said. */
  abstract said(event: DomainEvent): Said | null;

  revoked(): string | null {
    return this.whole ? frames.error('subscribe', `permission denied: ${this.called.topic}`) : null;
  }

  /** Only who keeps positions can have asked for what is gone. */
  resync(_room: string, position: number, epoch: string): string | null {
    return this.called.positioned ? frames.resync(this.called.topic, position, epoch) : null;
  }

  /** The frame of something that somebody said. */
  protected message(event: DomainEvent): string | null {
    const said = this.said(event);
    return said && this.frame(sourceOf(event.author), said.eventType, said.columns, event);
  }

  protected frame(source: string, eventType: string, data: JsonObject, { seq }: DomainEvent): string {
    const { topic, positioned } = this.called;
    const frame = { MessageSource: source, EventType: eventType, ObjectType: topic, EventData: data };
    return JSON.stringify(positioned ? { ...frame, position: seq } : frame);
  }
}

/** The changes of the rows of a table, and what is said to those who follow them. */
export class RowWords extends TopicWords {
  constructor(
    called: Called,
    private readonly book: RowBook,
    whole: boolean,
  ) {
    super(called, whole);
  }

  said(event: DomainEvent): Said | null {
    return this.book.row(event) ?? messageOf(payloadIn(event));
  }

  event(event: DomainEvent): string | null {
    const told = this.book.row(event);
    if (!told) return this.message(event);
    const { eventType, reference, columns } = told;
    const row = eventType === 'delete' ? { __type: this.called.topic, reference_id: reference } : columns;
    return this.frame('database', eventType, row, event);
  }
}

const MESSAGE_TYPES = new Set(['message', 'object']);

/** What is published to a channel, exactly as it was sent; what happens to the channel itself is not said. */
export class MessageWords extends TopicWords {
  said({ type, resource }: DomainEvent): Said | null {
    return messageOf(MESSAGE_TYPES.has(type) ? resource?.payload : null);
  }

  event(event: DomainEvent): string | null {
    return this.message(event);
  }
}
