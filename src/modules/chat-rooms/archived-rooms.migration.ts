import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Where each participant stood when they archived a room. */
export class AddArchivedAfter1763700710000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(
      `ALTER TABLE chat_room_participants ADD COLUMN archived_after_message_id bigint NOT NULL DEFAULT 0`,
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE chat_room_participants DROP COLUMN archived_after_message_id`);
  }
}
