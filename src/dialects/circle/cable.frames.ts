import type { DropReason } from '../../realtime/outgoing-queue.js';
import type { Farewell } from '../../realtime/raw-web-socket.js';

/** Why the server ends a connection (docs/dialects/actioncable.md), and whether the client should come back. */
export const DISCONNECTS = {
  unauthorized: { reconnect: false, code: 1000 },
  token_expired: { reconnect: false, code: 1000 },
  remote: { reconnect: false, code: 1000 },
  server_restart: { reconnect: true, code: 1001 },
  too_slow: { reconnect: true, code: 1000 },
};
export type DisconnectReason = keyof typeof DISCONNECTS;

/** What stands in every frame about a subscription: its identifier, byte for byte as the client sent it. */
type About = { identifier: string; type: string };

export const frames = {
  welcome: (sid: string, restored: string[] | null): string =>
    JSON.stringify({ type: 'welcome', sid, ...(restored ? { restored: true, restored_ids: restored } : {}) }),
  /** The time in whole seconds since 1970. */
  ping: (seconds: number): string => JSON.stringify({ type: 'ping', message: seconds }),
  confirm: (identifier: string): string => about({ identifier, type: 'confirm_subscription' }),
  reject: (identifier: string): string => about({ identifier, type: 'reject_subscription' }),
  confirmHistory: (identifier: string): string => about({ identifier, type: 'confirm_history' }),
  rejectHistory: (identifier: string): string => about({ identifier, type: 'reject_history' }),
};

function about(frame: About): string {
  return JSON.stringify(frame);
}

export function farewell(reason: DisconnectReason): Farewell {
  const { reconnect, code } = DISCONNECTS[reason];
  return { text: JSON.stringify({ type: 'disconnect', reason, reconnect }), code };
}

export const farewells = {
  drop: (reason: DropReason): Farewell => farewell(reason === 'too_slow' ? 'too_slow' : 'server_restart'),
  end: (): Farewell => farewell('remote'),
  expired: (): Farewell => farewell('token_expired'),
};
