import type { EntityManager } from 'typeorm';
import type { RoomListPlace, RoomListQuery } from '../chat-rooms/index.js';
import { hasRootAfter, readPositionOf } from './reading.sql.js';

/** What is not pinned stands where nothing can have been pinned, so that one comparison finds the next page. */
const PLACE = `COALESCE(pin.pinned_at, 'epoch'), COALESCE(last.sent_at, participant.joined_at), room.id`;

const LATEST_FIRST = `
  SELECT participant.id AS participant_id, room.id AS chat_room_id, pin.pinned_at,
         COALESCE(last.sent_at, participant.joined_at) AS active_at
  FROM chat_room_participants participant
  JOIN chat_rooms room ON room.id = participant.chat_room_id AND room.deleted_at IS NULL
  LEFT JOIN chat_room_pins pin ON pin.chat_room_participant_id = participant.id
  LEFT JOIN LATERAL (
    SELECT m.sent_at FROM chat_room_messages m
    WHERE m.chat_room_id = room.id AND m.deleted_at IS NULL AND m.parent_message_id IS NULL
      AND (room.show_history OR m.id > participant.history_after_message_id)
    ORDER BY m.id DESC LIMIT 1
  ) AS last ON true
  WHERE participant.member_id = $1 AND participant.deleted_at IS NULL AND room.workspace_id = $2
    AND ($6::boolean IS NULL OR room.is_embedded = $6)
    AND ($7::boolean IS NULL
      OR (participant.archived AND NOT ${hasRootAfter('room.id', 'participant.archived_after_message_id')}) = $7)
    AND ($4::timestamptz IS NULL
      OR (${PLACE}) < (COALESCE($3::timestamptz, 'epoch'), $4::timestamptz, $5::bigint))
  ORDER BY COALESCE(pin.pinned_at, 'epoch') DESC, active_at DESC, room.id DESC LIMIT $8`;

interface Row {
  participant_id: string;
  chat_room_id: string;
  pinned_at: Date | null;
  active_at: Date;
}

/** Answers ChatRoomConversation.latestFirst. */
export async function latestRooms(
  manager: EntityManager,
  { memberId, workspaceId, after, limit, embedded, archived }: RoomListQuery,
): Promise<(RoomListPlace & { participantId: number })[]> {
  const rows = await manager.query<Row[]>(LATEST_FIRST, [
    memberId,
    workspaceId,
    after?.pinnedAt?.toISOString() ?? null,
    after?.activeAt.toISOString() ?? null,
    after?.chatRoomId ?? null,
    embedded,
    archived,
    limit,
  ]);
  return rows.map((row) => ({
    participantId: Number(row.participant_id),
    chatRoomId: Number(row.chat_room_id),
    pinnedAt: row.pinned_at,
    activeAt: row.active_at,
  }));
}

const UNREAD = `
  SELECT room.uuid
  FROM chat_room_participants participant
  JOIN chat_rooms room ON room.id = participant.chat_room_id AND room.deleted_at IS NULL
  LEFT JOIN LATERAL (${readPositionOf('participant.id')}) AS read ON true
  WHERE participant.member_id = $1 AND participant.deleted_at IS NULL AND room.workspace_id = $2
    AND EXISTS (
      SELECT FROM chat_room_messages m
      WHERE m.chat_room_id = room.id AND m.deleted_at IS NULL AND m.parent_message_id IS NULL
        AND m.id > GREATEST(read.message_id, CASE WHEN room.show_history THEN 0
                                                  ELSE participant.history_after_message_id END))
  ORDER BY room.id`;

/** The rooms in which somebody said something that the member has not read, whatever they set for these rooms. */
export async function unreadRooms(manager: EntityManager, memberId: number, workspaceId: number): Promise<string[]> {
  const rows = await manager.query<{ uuid: string }[]>(UNREAD, [memberId, workspaceId]);
  return rows.map(({ uuid }) => uuid);
}
