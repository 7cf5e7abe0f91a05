import type { EntityManager } from 'typeorm';

/** Whose threads, and which of them. */
export interface OwnThreadsQuery {
  memberId: number;
  workspaceId: number;
  /** Only those in the room of this participant. */
  participantId?: number;
  threadId?: number;
}

/** A thread in which a member takes part. */
export interface OwnThread {
  id: number;
  rootId: number;
  participantId: number;
  roomUuid: string;
  /** Grows with every reply, so it is also the thread's place in the list. */
  lastReplyId: number;
}

/** As it stands for them. */
export type CountedThread = OwnThread & { unreadCount: number };

export interface OwnThreadRow {
  thread_id: string;
  root_id: string;
  participant_id: string;
  chat_room_uuid: string;
  last_reply_id: string;
}

type CountedRow = OwnThreadRow & { unread: string };

/**
 * The threads of $1 in the workspace $2 with living replies, where they wrote or were mentioned in a message that is still
 * there. What they cannot see brings them into no thread: a thread is as visible as its root. $3, $4: only in the room of
 * this participant, only this thread.
 */
const OWN = `
  SELECT thread.id AS thread_id, thread.parent_message_id AS root_id, participant.id AS participant_id,
         room.uuid AS chat_room_uuid, own.last_reply_id, own.read_reply_id
  FROM chat_thread_participants own
  JOIN chat_threads thread ON thread.id = own.chat_thread_id
  JOIN chat_room_participants participant
    ON participant.id = own.chat_room_participant_id AND participant.deleted_at IS NULL
  JOIN chat_rooms room ON room.id = participant.chat_room_id AND room.deleted_at IS NULL
  WHERE own.member_id = $1 AND room.workspace_id = $2
    AND ($3::bigint IS NULL OR own.chat_room_participant_id = $3) AND ($4::bigint IS NULL OR own.chat_thread_id = $4)
    AND thread.parent_message_id > CASE WHEN room.show_history THEN 0 ELSE participant.history_after_message_id END`;

/** Those of them in which something comes after what the member has read, which is never their own. */
export const OWN_UNREAD = `${OWN} AND own.read_reply_id < own.last_reply_id`;

const UNREAD = `${OWN_UNREAD} ORDER BY own.last_reply_id DESC`;

/** From before the reply $5, up to $6. One comparison finds the place in the index, also that of the first page. */
const PAGE = `
  SELECT page.*, unread.count AS unread
  FROM (
    ${OWN} AND own.last_reply_id < COALESCE($5::bigint, ${Number.MAX_SAFE_INTEGER})
    ORDER BY own.last_reply_id DESC LIMIT $6
  ) AS page
  CROSS JOIN LATERAL (
    SELECT count(*) AS count FROM chat_room_messages reply
    WHERE reply.parent_message_id = page.root_id AND reply.deleted_at IS NULL AND reply.id > page.read_reply_id
  ) AS unread
  ORDER BY page.last_reply_id DESC`;

/** The parameters of OWN_UNREAD. */
export function ownThreadsParameters({ memberId, workspaceId, participantId, threadId }: OwnThreadsQuery): unknown[] {
  return [memberId, workspaceId, participantId ?? null, threadId ?? null];
}

/** The one with the latest reply first. */
export async function ownThreads(
  manager: EntityManager,
  query: OwnThreadsQuery,
  { before = null, limit }: { before?: number | null; limit: number },
): Promise<CountedThread[]> {
  const rows = await manager.query<CountedRow[]>(PAGE, [...ownThreadsParameters(query), before, limit]);
  return rows.map((row) => ({ ...toOwnThread(row), unreadCount: Number(row.unread) }));
}

/** All of them, in the same order. */
export async function unreadThreads(manager: EntityManager, query: OwnThreadsQuery): Promise<OwnThread[]> {
  return (await manager.query<OwnThreadRow[]>(UNREAD, ownThreadsParameters(query))).map(toOwnThread);
}

export function toOwnThread(row: OwnThreadRow): OwnThread {
  return {
    id: Number(row.thread_id),
    rootId: Number(row.root_id),
    participantId: Number(row.participant_id),
    roomUuid: row.chat_room_uuid,
    lastReplyId: Number(row.last_reply_id),
  };
}
