import type { DomainEvent } from '../../events/domain-event.js';
import type { RoomWords } from '../../realtime/dialect.js';
import type { Translation } from './circle.events.js';
import { frames } from './cable.frames.js';

/** Whose subscription the words are for. */
export interface Listener {
  identifier: string;
  memberId: number;
  /** The epoch of the log where the client wants positions, else null. */
  epoch: string | null;
}

/** A translation, and whether it says something else to each member. */
export class Phrasebook {
  private readonly texts = new WeakMap<DomainEvent, string | null>();

  constructor(
    private readonly translate: Translation,
    readonly personal: boolean,
  ) {}

  /** The message of an event as JSON; null where there is nothing to say. Made once for all who get the same. */
  message(event: DomainEvent, memberId: number): string | null {
    if (this.personal) return this.encode(event, memberId);
    let text = this.texts.get(event);
    if (text === undefined) this.texts.set(event, (text = this.encode(event, memberId)));
    return text;
  }

  private encode(event: DomainEvent, memberId: number): string | null {
    const message = this.translate(event, memberId);
    return message && JSON.stringify(message);
  }
}

/** Says the events of one stream to one subscription (docs/dialects/actioncable.md): each as one data frame. */
export class CableWords implements RoomWords {
  readonly name: string;
  private readonly head: string;
  private readonly tail: string | null;

  constructor(
    private readonly listener: Listener,
    private readonly phrasebook: Phrasebook,
    streamId: string,
    /** Whether losing the stream is losing the subscription. */
    private readonly whole: boolean,
  ) {
    const { identifier, memberId, epoch } = listener;
    // What depends on the member is in the name, so that nobody is told what was said to another.
    this.name = `circle ${epoch ?? ''} ${phrasebook.personal ? memberId : ''} ${streamId} ${identifier}`;
    this.head = `{"identifier":${JSON.stringify(identifier)},"message":`;
    this.tail =
      epoch === null ? null : `,"stream_id":${JSON.stringify(streamId)},"epoch":${JSON.stringify(epoch)},"offset":`;
  }

  event(event: DomainEvent): string | null {
    const message = this.phrasebook.message(event, this.listener.memberId);
    if (message === null) return null;
    return this.tail === null ? `${this.head}${message}}` : `${this.head}${message}${this.tail}${event.seq}}`;
  }

  revoked(): string | null {
    return this.whole ? frames.reject(this.listener.identifier) : null;
  }

  /** Only the extended protocol knows of a history that is gone; on the base protocol nobody can have asked for one. */
  resync(): string | null {
    return this.tail === null ? null : frames.rejectHistory(this.listener.identifier);
  }
}
