import type { DropReason } from '../../realtime/outgoing-queue.js';
import type { Farewell } from '../../realtime/raw-web-socket.js';
import type { Named } from './msquared.messages.js';

/** Everything that can be wrong with a message (docs/dialects/msquared.md). */
export const COMPLAINTS = [
  'Invalid message format',
  'Missing project',
  'Forbidden',
  'Too many subscriptions',
  'Rate limit exceeded',
] as const;
export type Complaint = (typeof COMPLAINTS)[number];

const KIND_NAMES: Record<Named['type'], string> = {
  kvStore: 'KVStore',
  collection: 'Collection',
  liveConfig: 'LiveConfig',
};

export const frames = {
  error: (error: Complaint, requestId: string | null = null): string => answer({ error }, requestId),
  notFound: ({ type }: Named, requestId: string | null): string => {
    const message = `${KIND_NAMES[type]} resource doesn't currently exist, subscription was still made successfully`;
    return answer({ warning: 'resource_not_found', message }, requestId);
  },
  /** An update as the answer to a request. */
  answered: (update: string, requestId: string | null): string =>
    requestId === null ? update : `${update.slice(0, -1)},"requestId":${JSON.stringify(requestId)}}`,
};

function answer(content: object, requestId: string | null): string {
  return JSON.stringify(requestId === null ? content : { ...content, requestId });
}

const CODES: Record<DropReason, number> = { too_slow: 1013, restart: 1001, unavailable: 1013 };

/** The connection breaks a rule, or its right to be there has ended. */
export const NOT_WELCOME: Farewell = { text: null, code: 1008 };

export const farewells = {
  drop: (reason: DropReason): Farewell => ({ text: null, code: CODES[reason] }),
  end: (): Farewell => NOT_WELCOME,
  expired: (): Farewell => NOT_WELCOME,
};
