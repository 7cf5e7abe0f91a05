import { z } from 'zod';
import type { RoomListPlace } from './chat-room.conversation.js';

/** Thirteen digits of milliseconds reach far enough, and every time that they name has a year of four digits. */
const CURSOR = /^(?:(\d{1,13})-)?(\d{1,13})-(\d{1,15})$/;

/** Where a page of somebody's rooms ended, as a text that clients hand back without reading it. */
export function toRoomListCursor({ pinnedAt, activeAt, chatRoomId }: RoomListPlace): string {
  const pinned = pinnedAt === null ? [] : [pinnedAt.getTime()];
  return Buffer.from([...pinned, activeAt.getTime(), chatRoomId].join('-')).toString('base64url');
}

export const roomListCursor = z.string().transform((cursor, context): RoomListPlace => {
  const [, pinned, time, chatRoomId] = CURSOR.exec(Buffer.from(cursor, 'base64url').toString('latin1')) ?? [];
  if (chatRoomId === undefined) {
    context.issues.push({ code: 'custom', input: cursor, message: 'must be a next_cursor of this list' });
    return z.NEVER;
  }
  const pinnedAt = pinned === undefined ? null : new Date(Number(pinned));
  return { pinnedAt, activeAt: new Date(Number(time)), chatRoomId: Number(chatRoomId) };
});
