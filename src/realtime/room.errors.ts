import { forbidden, rateLimited } from '../common/domain-error.js';

/** Says of several rooms not even which one it is. */
export const roomForbidden = forbidden.define(
  'room.forbidden',
  'One of the rooms does not exist or is not yours to join.',
);

export const roomMembersOnly = forbidden.define('room.members_only', 'Rooms are for members, and an API key is none.');

/** With what tickets are refused. */
export const ticketErrors = [roomForbidden, roomMembersOnly];

export const tooManyRooms = rateLimited.define(
  'room.too_many',
  (maximum: number) => `A session may be in at most ${maximum} rooms.`,
);
