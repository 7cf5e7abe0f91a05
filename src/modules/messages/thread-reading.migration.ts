import type { MigrationInterface, QueryRunner } from 'typeorm';

/** How far each participant has read in the threads, and a way to find those in which they are mentioned. */
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
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP INDEX chat_room_message_mentions_of_participant`);
    await runner.query(`DROP TABLE chat_thread_read_marks`);
  }
}
