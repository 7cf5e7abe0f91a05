import { z } from 'zod';
import { text } from '../../common/text.js';
import { MAX_ROOM_NAME_LENGTH } from '../room-directory.js';

/** Rooms that one stream may follow. */
const MAXIMUM_ROOMS = 100;

const names = z
  .union([z.string(), z.array(z.string())])
  .transform((given) => [...new Set([given].flat().flatMap((list) => list.split(',')))])
  .pipe(z.array(text(1, MAX_ROOM_NAME_LENGTH)).min(1).max(MAXIMUM_ROOMS));

export const eventStreamQuery = z.strictObject({
  rooms: names.describe('Names of rooms, separated by commas; the parameter may be repeated.'),
  access_token: z.string().optional().describe('For clients that cannot set headers, such as EventSource.'),
  last_event_id: z.string().optional().describe('As the header Last-Event-ID, for clients that cannot set it.'),
});

export type EventStreamQuery = z.infer<typeof eventStreamQuery>;

/** Where somebody stands in each of the rooms that they follow, in their order. */
export interface StreamPositions {
  epoch: string;
  seqs: number[];
}

const POSITIONS = /^([0-9a-z]{1,40})((?:\.\d{1,15})+)$/;

export function toEventId({ epoch, seqs }: StreamPositions): string {
  return `${epoch}.${seqs.join('.')}`;
}

/** Null when the text is no id of ours, or one of another number of rooms. */
export function readEventId(id: string, rooms: number): StreamPositions | null {
  const [, epoch, numbers] = POSITIONS.exec(id) ?? [];
  const seqs = numbers?.slice(1).split('.').map(Number);
  return epoch !== undefined && seqs?.length === rooms ? { epoch, seqs } : null;
}
