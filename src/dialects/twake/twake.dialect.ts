import type { JsonValue } from '../../common/json.js';
import type { DomainEvent } from '../../events/domain-event.js';
import type { Dialect } from '../../realtime/dialect.js';
import type { DropReason } from '../../realtime/outgoing-queue.js';
import type { PresenceChange } from '../../realtime/presence/attendance.js';
import { resourceEventText } from '../../realtime/resource-event.js';
import type { Sent } from './twake.frames.js';

/** Said for every refusal, so that it tells nothing about the reason. */
export const NOT_AUTHORIZED = 'User is not authorized to join room';

/** A Socket.IO event as the text of an Engine.IO message: `4` message, `2` event. */
export function packet<Name extends keyof Sent>(event: Name, payload?: Sent[Name]): string {
  return payload === undefined ? `42["${event}"]` : packetOf(event, JSON.stringify(payload));
}

/** The same, of a payload that is JSON already. */
function packetOf(event: keyof Sent, payload: string): string {
  return `42["${event}",${payload}]`;
}

/** What is said when the database cannot be reached; `retry_after` is in seconds. */
export const UNAVAILABLE = {
  code: 'service.unavailable',
  message: 'The service is not available at the moment, try again',
  retry_after: 1,
};

/** Said before a client is sent away for a moment. One that is too slow would not hear it. */
export const LAST_WORDS: Partial<Record<DropReason, string>> = {
  restart: packet('realtime:restart'),
  unavailable: packet('realtime:unavailable', UNAVAILABLE),
};

/** The Socket.IO words for what the hub has to tell (docs/dialects/socket-io.md), plus `id` and `created_at`. */
export const twakeDialect: Dialect = {
  name: 'twake',

  event(event: DomainEvent, room: string): string {
    return packetOf('realtime:resource', resourceEventText(event, room));
  },

  signal(room: string, data: JsonValue): string {
    return packet('realtime:event', { name: room, data });
  },

  presence(room: string, changes: PresenceChange[]): string {
    const online = changes.map(({ workspaceId, memberId, online: is_online }) => ({
      company_id: workspaceId,
      user_id: memberId,
      is_online,
    }));
    return packet('realtime:resource', {
      action: 'event',
      room,
      type: 'user:online',
      path: null,
      resource: { online },
    });
  },

  revoked(room: string): string {
    const text = 'User is no longer authorized to be in this room';
    return packet('realtime:join:error', { name: room, error: text, message: text, code: 'room.revoked' });
  },

  resync(room: string, position: number, epoch: string): string {
    return packet('realtime:join:success', { name: room, position, epoch, resync: true });
  },
};
