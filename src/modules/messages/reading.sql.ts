/**
 * How far a participant has read: where they marked it or where they last wrote, whichever is later. One row with
 * `message_id` and `at`, or none.
 */
export function readPositionOf(participantId: string): string {
  return `
    SELECT place.message_id, place.at FROM (
      SELECT mark.last_read_message_id AS message_id, mark.last_read_at AS at
      FROM chat_room_read_marks mark WHERE mark.chat_room_participant_id = ${participantId}
      UNION ALL
      (SELECT own.id, own.sent_at FROM chat_room_messages own
       WHERE own.chat_room_participant_id = ${participantId} ORDER BY own.id DESC LIMIT 1)
    ) AS place
    ORDER BY place.message_id DESC LIMIT 1`;
}

/** Whether a root was sent after a message, also one that has been deleted since: what it did is not undone. */
export function hasRootAfter(chatRoomId: string, messageId: string): string {
  return `EXISTS (
    SELECT FROM chat_room_messages newer
    WHERE newer.chat_room_id = ${chatRoomId} AND newer.id > ${messageId} AND newer.parent_message_id IS NULL)`;
}

/** As `readPositionOf`, in one thread: one row with `reply_id` and `at`, or none. */
export function threadPositionOf(participantId: string, threadId: string, rootId: string): string {
  return `
    SELECT place.reply_id, place.at FROM (
      SELECT mark.last_read_reply_id AS reply_id, mark.last_read_at AS at
      FROM chat_thread_read_marks mark
      WHERE mark.chat_room_participant_id = ${participantId} AND mark.chat_thread_id = ${threadId}
      UNION ALL
      (SELECT own.id, own.sent_at FROM chat_room_messages own
       WHERE own.parent_message_id = ${rootId} AND own.chat_room_participant_id = ${participantId}
       ORDER BY own.id DESC LIMIT 1)
    ) AS place
    ORDER BY place.reply_id DESC LIMIT 1`;
}

/** The newest living reply under a root, as `id` and `sent_at`. */
export function lastReplyOf(rootId: string): string {
  return `
    SELECT reply.id, reply.sent_at FROM chat_room_messages reply
    WHERE reply.parent_message_id = ${rootId} AND reply.deleted_at IS NULL
    ORDER BY reply.id DESC LIMIT 1`;
}
