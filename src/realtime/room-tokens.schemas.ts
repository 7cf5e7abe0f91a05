import { z } from 'zod';
import { text } from '../common/text.js';
import { MAX_ROOM_NAME_LENGTH } from './room-directory.js';

/** Rooms that one call may ask tokens for. */
const MAXIMUM_ROOMS = 100;

export const roomTokensSchema = z
  .strictObject({ rooms: z.array(text(1, MAX_ROOM_NAME_LENGTH)).min(1).max(MAXIMUM_ROOMS) })
  .meta({ id: 'RoomTokensRequest' });

export type RoomTokensRequest = z.infer<typeof roomTokensSchema>;

/** The `?websockets=1` of a query: whether the reply carries room tokens. */
export const websocketsFlag = z
  .enum(['0', '1'])
  .default('0')
  .transform((flag) => flag === '1');

/** The `websockets` of a reply. */
export const roomTicketsSchema = z.array(z.strictObject({ room: z.string(), token: z.string() }));

export const roomTokensReplySchema = z.strictObject({ websockets: roomTicketsSchema }).meta({ id: 'RoomTokens' });
