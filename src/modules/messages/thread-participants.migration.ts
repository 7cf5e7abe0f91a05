import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Who takes part in which thread, in the order of its last replies: a page of one's own threads is a piece of an index. */
export class AddThreadParticipants1763700765000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE chat_thread_participants (
        chat_thread_id bigint NOT NULL REFERENCES chat_threads,
        chat_room_participant_id bigint NOT NULL REFERENCES chat_room_participants,
        member_id bigint NOT NULL REFERENCES members,
        last_reply_id bigint NOT NULL,
        read_reply_id bigint NOT NULL,
        PRIMARY KEY (chat_thread_id, chat_room_participant_id)
      )`);
    await runner.query(
      `CREATE INDEX chat_thread_participants_in_order ON chat_thread_participants (member_id, last_reply_id)`,
    );
    await runner.query(
      `CREATE INDEX chat_thread_participants_unread ON chat_thread_participants (member_id, last_reply_id)
       WHERE read_reply_id < last_reply_id`,
    );
    // Read from the messages anew, so that nothing can drift. Those take part who wrote or are mentioned in a message that
    // is still there; what somebody replied counts as read by them even when it is gone. The threads are held first, by a
    // statement of its own: whoever marks one of them is waited for, and seen.
    await runner.query(`
      CREATE FUNCTION refresh_chat_threads(roots bigint[]) RETURNS void LANGUAGE sql VOLATILE AS $$
        SELECT id FROM chat_threads WHERE parent_message_id = ANY (roots) ORDER BY id FOR UPDATE;
        WITH threads AS (
          SELECT thread.id AS thread_id, root.id AS root_id, root.chat_room_participant_id AS author_id
          FROM chat_threads thread
          JOIN chat_room_messages root ON root.id = thread.parent_message_id AND root.deleted_at IS NULL
          WHERE thread.parent_message_id = ANY (roots)
        ), said AS (
          SELECT thread_id, root_id AS id, author_id AS participant_id, true AS living, NULL::bigint AS reply_id FROM threads
          UNION ALL
          SELECT thread_id, reply.id, reply.chat_room_participant_id, reply.deleted_at IS NULL, reply.id
          FROM threads JOIN chat_room_messages reply ON reply.parent_message_id = root_id
        ), running AS (
          SELECT thread_id, max(reply_id) AS last_reply_id FROM said WHERE living GROUP BY thread_id
          HAVING max(reply_id) IS NOT NULL
        ), concerned AS (
          SELECT thread_id, last_reply_id, participant_id, max(reply_id) AS own_reply_id
          FROM (
            SELECT thread_id, participant_id, living, reply_id FROM said
            UNION ALL
            SELECT thread_id, mention.chat_room_participant_id, living, NULL
            FROM said JOIN chat_room_message_mentions mention ON mention.chat_room_message_id = said.id
          ) AS somehow
          JOIN running USING (thread_id)
          GROUP BY thread_id, last_reply_id, participant_id
          HAVING bool_or(living)
        ), gone AS (
          DELETE FROM chat_thread_participants former USING chat_threads thread
          WHERE thread.parent_message_id = ANY (roots) AND former.chat_thread_id = thread.id
            AND NOT EXISTS (
              SELECT FROM concerned
              WHERE thread_id = former.chat_thread_id AND participant_id = former.chat_room_participant_id)
        )
        INSERT INTO chat_thread_participants AS known
          (chat_thread_id, chat_room_participant_id, member_id, last_reply_id, read_reply_id)
        SELECT thread_id, participant_id, participant.member_id, last_reply_id,
               GREATEST(own_reply_id, mark.last_read_reply_id, 0)
        FROM concerned
        JOIN chat_room_participants participant ON participant.id = participant_id
        LEFT JOIN chat_thread_read_marks mark
          ON mark.chat_thread_id = thread_id AND mark.chat_room_participant_id = participant_id
        ON CONFLICT (chat_thread_id, chat_room_participant_id)
        DO UPDATE SET last_reply_id = EXCLUDED.last_reply_id,
                      read_reply_id = GREATEST(known.read_reply_id, EXCLUDED.read_reply_id)
        WHERE known.last_reply_id <> EXCLUDED.last_reply_id OR known.read_reply_id < EXCLUDED.read_reply_id;
      $$`);
    await runner.query(`SELECT refresh_chat_threads(ARRAY (SELECT parent_message_id FROM chat_threads))`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP FUNCTION refresh_chat_threads(bigint[])`);
    await runner.query(`DROP TABLE chat_thread_participants`);
  }
}
