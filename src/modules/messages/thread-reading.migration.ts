import type { MigrationInterface, QueryRunner } from 'typeorm';

/** How far each participant has read in the threads, and ways to find those in which they take part. */
export class AddThreadReading1763700720000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE chat_thread_read_marks (
        chat_room_participant_id bigint NOT NULL REFERENCES chat_room_participants,
        chat_thread_id bigint NOT NULL REFERENCES chat_threads,
        last_read_reply_id bigint NOT NULL,
        last_read_at timestamptz(3) NOT NULL,
        PRIMARY KEY (chat_room_participant_id, chat_thread_id)
      )`);
    await runner.query(
      `CREATE INDEX chat_room_message_mentions_of_participant
       ON chat_room_message_mentions (chat_room_participant_id, chat_room_message_id)`,
    );
    // Those in which somebody replied, without a look at everything else that they said.
    await runner.query(
      `CREATE INDEX chat_room_messages_replies_by_sender ON chat_room_messages (chat_room_participant_id, parent_message_id)
       WHERE deleted_at IS NULL AND parent_message_id IS NOT NULL`,
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP INDEX chat_room_messages_replies_by_sender`);
    await runner.query(`DROP INDEX chat_room_message_mentions_of_participant`);
    await runner.query(`DROP TABLE chat_thread_read_marks`);
  }
}
