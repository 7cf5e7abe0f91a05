import type { JsonValue } from '../../common/json.js';
import type { DomainEvent } from '../../events/domain-event.js';
import { type Dialect, type RoomWords, silent } from '../dialect.js';
import type { PresenceChange } from '../presence/attendance.js';
import { resourceEventText } from '../resource-event.js';
import { type StreamPositions, toEventId } from './event-stream.schemas.js';

interface Names {
  event?: string;
  id?: string;
}

/** One event of the stream as the wire has it (docs/dialects/server-sent-events.md); JSON has no line breaks. */
export function serverSentEvent(data: object, names: Names = {}): string {
  return sentText(JSON.stringify(data), names);
}

function sentText(data: string, { event, id }: Names): string {
  const lines = [
    ...(event === undefined ? [] : [`event: ${event}`]),
    ...(id === undefined ? [] : [`id: ${id}`]),
    `data: ${data}`,
  ];
  return `${lines.join('\n')}\n\n`;
}

/** What is said without a position: whoever was away for it has missed it. */
export const eventStreamDialect: Dialect = {
  ...silent('sse'),

  signal(room: string, data: JsonValue): string {
    return serverSentEvent({ room, data }, { event: 'signal' });
  },

  presence(room: string, changes: PresenceChange[]): string {
    const online = changes.map(({ memberId, online }) => ({ member_id: memberId, online }));
    return serverSentEvent({ room, online }, { event: 'presence' });
  },
};

/**
 * Says the events of one room of a stream. The id of each names where the client then stands in all of its rooms, so that
 * the last one is enough to go on from; with one room alone everybody is told the same.
 */
export class EventStreamWords implements RoomWords {
  readonly name: string;

  /** @param index the place of the room in the positions, which are moved by what is said. */
  constructor(
    private readonly positions: StreamPositions,
    private readonly index: number,
    sessionId: string,
  ) {
    this.name = positions.seqs.length === 1 ? 'sse' : `sse ${sessionId}`;
  }

  event(event: DomainEvent, room: string): string {
    return sentText(resourceEventText(event, room), { id: this.at(event.seq) });
  }

  revoked(room: string): string {
    return serverSentEvent({ room }, { event: 'revoked' });
  }

  resync(room: string, position: number, epoch: string): string {
    return serverSentEvent({ room, position, epoch }, { event: 'resync', id: this.at(position) });
  }

  private at(seq: number): string {
    this.positions.seqs[this.index] = seq;
    return toEventId(this.positions);
  }
}
