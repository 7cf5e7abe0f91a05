import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Which rooms each participant has pinned. */
export class AddChatRoomPins1763700700000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE chat_room_pins (
        chat_room_participant_id bigint PRIMARY KEY REFERENCES chat_room_participants,
        pinned_at timestamptz(3) NOT NULL
      )`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP TABLE chat_room_pins`);
  }
}
