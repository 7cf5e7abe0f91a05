import type { JsonObject } from '../../common/json.js';
import type { DropReason } from '../../realtime/outgoing-queue.js';
import type { Farewell } from '../../realtime/raw-web-socket.js';

/** The client's own name for a request, given back with its type; null where it has none. */
export type RequestId = string | number | null;

/** What the client is told of its requests: the four keys of every frame, and its id (docs/dialects/daptin.md). */
export const frames = {
  subscribed: (topic: string, id: RequestId, more: JsonObject = {}): string =>
    reply('subscribed', topic, { topic, ...more }, id),
  unsubscribed: (topic: string, id: RequestId): string => reply('unsubscribed', topic, { topic }, id),
  response: (method: string, data: JsonObject, id: RequestId): string => reply('response', method, data, id),
  error: (method: string, error: string, id: RequestId = null): string => reply('error', method, { error }, id),
  resync: (topic: string, position: number, epoch: string): string =>
    reply('resync', topic, { topic, position, epoch }, null),
  pong: (id: RequestId): string => JSON.stringify({ type: 'pong', ...envelope('pong', 'ping'), ...named(id) }),
};

export const farewells = {
  unauthorized: { text: JSON.stringify({ message: 'unauthorized' }), code: 1008, reason: 'unauthorized' },
  unreadable: { text: null, code: 1008, reason: 'too many malformed requests' },
  tooMany: { text: null, code: 1008, reason: 'rate limited' },
  drop: (reason: DropReason): Farewell => DROPS[reason],
  end: (): Farewell => ({ text: null, code: 1008, reason: 'access ended' }),
  expired: (): Farewell => ({ text: null, code: 1008, reason: 'token expired' }),
};

const DROPS: Record<DropReason, Farewell> = {
  too_slow: { text: null, code: 1013, reason: 'too slow' },
  restart: { text: null, code: 1001, reason: 'restart' },
  unavailable: { text: null, code: 1011, reason: 'unavailable' },
};

function reply(event: string, about: string, data: JsonObject, id: RequestId): string {
  return JSON.stringify({ ...envelope(event, about), EventData: data, ...named(id) });
}

function envelope(event: string, about: string) {
  return { MessageSource: 'system', EventType: event, ObjectType: about };
}

function named(id: RequestId) {
  return id === null ? {} : { id };
}
