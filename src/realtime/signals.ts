import type { Dialect } from './dialect.js';
import { FrameBatch } from './frame-batch.js';
import type { Membership } from './session.js';

/** The feed of a room that no stream feeds: it only carries what is ephemeral. */
export function signalStream(workspaceId: number, room: string): string {
  return `signals/${workspaceId}${room}`;
}

/**
 * Sends something ephemeral to those who are in the room on this node right now, encoded once for each dialect. A client
 * that is behind does not get it, and no number counts it.
 */
export function sendEphemeral(
  memberships: Iterable<Membership>,
  room: string,
  encode: (dialect: Dialect) => string | null,
): void {
  const batches = new Map<Dialect, FrameBatch | null>();
  for (const membership of memberships) {
    if (membership.room !== room || (membership.state !== 'live' && membership.state !== 'replaying')) continue;
    const { dialect, queue } = membership.session;
    let batch = batches.get(dialect);
    if (batch === undefined) {
      const text = encode(dialect);
      batches.set(dialect, (batch = text === null ? null : new FrameBatch([text], true)));
    }
    if (batch) queue.pushEphemeral(batch);
  }
}
