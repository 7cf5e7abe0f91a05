import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Who was mentioned where: they take part in the thread from then on. */
export class AddMessageMentions1763700410000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE chat_room_message_mentions (
        chat_room_message_id bigint NOT NULL REFERENCES chat_room_messages,
        chat_room_participant_id bigint NOT NULL REFERENCES chat_room_participants,
        PRIMARY KEY (chat_room_message_id, chat_room_participant_id)
      )`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP TABLE chat_room_message_mentions`);
  }
}
