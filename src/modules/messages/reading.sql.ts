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
