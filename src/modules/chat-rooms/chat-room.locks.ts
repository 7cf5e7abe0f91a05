import { ROOM_GATES } from './chat-rooms.migration.js';
import { ROOM_TURNS } from './room-turns.migration.js';

/**
 * The advisory locks of a room, as SQL about its uuid, which is SQL itself; all are held until the transaction ends. What
 * they are for: ChatRoomParticipants (the gate) and ChatRoomSenders (the turn). The gate is always taken first.
 */
export const roomLocks = {
  passGate: (uuid: string): string => `pg_advisory_xact_lock_shared(${ROOM_GATES}, hashtext(${uuid}))`,
  passGateAlone: (uuid: string): string => `pg_advisory_xact_lock(${ROOM_GATES}, hashtext(${uuid}))`,
  takeTurn: (uuid: string): string => `pg_advisory_xact_lock(${ROOM_TURNS}, hashtext(${uuid}))`,
  shareTurn: (uuid: string): string => `pg_advisory_xact_lock_shared(${ROOM_TURNS}, hashtext(${uuid}))`,
  /** Both as a sender takes them, if nobody has to be waited for; else false. */
  tryToSend: (uuid: string): string =>
    `pg_try_advisory_xact_lock_shared(${ROOM_GATES}, hashtext(${uuid}))
     AND pg_try_advisory_xact_lock(${ROOM_TURNS}, hashtext(${uuid}))`,
};
