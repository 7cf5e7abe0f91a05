import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Lets other tables refer to a participant together with the room. */
export class AddParticipantOfRoom1763700770000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(
      `ALTER TABLE chat_room_participants ADD CONSTRAINT chat_room_participants_of_room UNIQUE (chat_room_id, id)`,
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE chat_room_participants DROP CONSTRAINT chat_room_participants_of_room`);
  }
}
