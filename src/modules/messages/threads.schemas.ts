import { z } from 'zod';
import { idText } from '../../common/ids.js';
import { pageLimit, pageSchema } from '../../common/paging.js';
import { threadSchema } from './thread.view.js';

/** Where a page of somebody's threads ended: at a reply. A text that clients hand back without reading it. */
export function toThreadCursor(lastReplyId: number): string {
  return Buffer.from(String(lastReplyId)).toString('base64url');
}

const threadCursor = z
  .string()
  .transform((cursor) => Buffer.from(cursor, 'base64url').toString('latin1'))
  .pipe(idText);

export const threadsQuery = z.strictObject({ limit: pageLimit, cursor: threadCursor.optional() });

export const threadPageSchema = pageSchema(threadSchema)
  .extend({ next_cursor: z.string().nullable() })
  .meta({ id: 'ChatThreadPage' });

export const threadIdsSchema = z.strictObject({ chat_thread_ids: z.array(z.int()) }).meta({ id: 'ChatThreadIds' });
export const unreadRoomsSchema = z.strictObject({ chat_rooms: z.array(z.uuid()) }).meta({ id: 'UnreadChatRooms' });

export type ThreadsQuery = z.infer<typeof threadsQuery>;
