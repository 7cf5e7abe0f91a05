import type { EntityManager } from 'typeorm';
import { lastReplyOf, threadPositionOf } from './reading.sql.js';

/** Whose threads, and which of them. */
export interface OwnThreadsQuery {
  memberId: number;
  workspaceId: number;
  /** Only those in the room of this participant. */
  participantId?: number;
  threadId?: number;
}

/** A thread in which a member takes part, as it stands for them. */
export interface OwnThread {
  id: number;
  rootId: number;
  participantId: number;
  roomUuid: string;
  /** Grows with every reply, so it is also the thread's place in the list. */
  lastReplyId: number;
  unreadCount: number;
}

export interface OwnThreadRow {
  thread_id: string;
  root_id: string;
  participant_id: string;
  chat_room_uuid: string;
  last_reply_id: string;
  unread: string;
}

/**
 * The threads of $1 in the workspace $2 with living replies, where they wrote or were mentioned in a message that is still
 * there; `own`, for statements that go on with them. What they cannot see brings them into no thread: a thread is as
 * visible as its root. $3, $4: only in the room of this participant, only this thread.
 */
export const OWN_THREADS = `
  viewer AS (
    SELECT participant.id AS participant_id, room.id AS chat_room_id, room.uuid AS chat_room_uuid,
           CASE WHEN room.show_history THEN 0 ELSE participant.history_after_message_id END AS visible_after
    FROM chat_room_participants participant
    JOIN chat_rooms room ON room.id = participant.chat_room_id AND room.deleted_at IS NULL
    WHERE participant.member_id = $1 AND room.workspace_id = $2 AND participant.deleted_at IS NULL
      AND ($3::bigint IS NULL OR participant.id = $3)
  ), concerned AS (
    SELECT participant_id, begun.id AS root_id
    FROM viewer
    JOIN chat_threads thread USING (chat_room_id)
    JOIN chat_room_messages begun ON begun.id = thread.parent_message_id
    WHERE begun.chat_room_participant_id = participant_id
    UNION
    SELECT participant_id, reply.parent_message_id
    FROM viewer JOIN chat_room_messages reply ON reply.chat_room_participant_id = participant_id
    WHERE reply.parent_message_id IS NOT NULL AND reply.deleted_at IS NULL
    UNION
    SELECT participant_id, COALESCE(said.parent_message_id, said.id)
    FROM viewer
    JOIN chat_room_message_mentions mention ON mention.chat_room_participant_id = participant_id
    JOIN chat_room_messages said ON said.id = mention.chat_room_message_id
    WHERE said.deleted_at IS NULL
  ), own AS (
    SELECT thread.id AS thread_id, root.id AS root_id, viewer.participant_id, viewer.chat_room_uuid,
           last.id AS last_reply_id, unread.count AS unread
    FROM concerned
    JOIN viewer USING (participant_id)
    JOIN chat_threads thread ON thread.parent_message_id = root_id AND ($4::bigint IS NULL OR thread.id = $4)
    JOIN chat_room_messages root ON root.id = root_id AND root.deleted_at IS NULL AND root.id > viewer.visible_after
    CROSS JOIN LATERAL (${lastReplyOf('root.id')}) AS last
    LEFT JOIN LATERAL (${threadPositionOf('viewer.participant_id', 'thread.id', 'root.id')}) AS read ON true
    CROSS JOIN LATERAL (
      SELECT count(*) AS count FROM chat_room_messages reply
      WHERE reply.parent_message_id = root.id AND reply.deleted_at IS NULL
        AND reply.id > COALESCE(read.reply_id, 0) AND reply.chat_room_participant_id <> viewer.participant_id
    ) AS unread
  )`;

const PAGE = `
  WITH ${OWN_THREADS}
  SELECT * FROM own
  WHERE (NOT $5 OR unread > 0) AND ($6::bigint IS NULL OR last_reply_id < $6)
  ORDER BY last_reply_id DESC LIMIT $7`;

/** The parameters of OWN_THREADS. */
export function ownThreadsParameters({ memberId, workspaceId, participantId, threadId }: OwnThreadsQuery): unknown[] {
  return [memberId, workspaceId, participantId ?? null, threadId ?? null];
}

/** The one with the latest reply first. */
export async function ownThreads(
  manager: EntityManager,
  query: OwnThreadsQuery,
  { unread = false, before = null as number | null, limit = null as number | null } = {},
): Promise<OwnThread[]> {
  const rows = await manager.query<OwnThreadRow[]>(PAGE, [...ownThreadsParameters(query), unread, before, limit]);
  return rows.map(toOwnThread);
}

export function toOwnThread(row: OwnThreadRow): OwnThread {
  return {
    id: Number(row.thread_id),
    rootId: Number(row.root_id),
    participantId: Number(row.participant_id),
    roomUuid: row.chat_room_uuid,
    lastReplyId: Number(row.last_reply_id),
    unreadCount: Number(row.unread),
  };
}
