import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * The sender of a message is of its room: one reference in place of two that each message has to have checked, and
 * nobody waits any more because all messages of a room lock its row.
 */
export class ReferMessagesToSenders1763700771000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE chat_room_messages
        ADD CONSTRAINT chat_room_messages_sender FOREIGN KEY (chat_room_id, chat_room_participant_id)
          REFERENCES chat_room_participants (chat_room_id, id),
        DROP CONSTRAINT chat_room_messages_chat_room_id_fkey,
        DROP CONSTRAINT chat_room_messages_chat_room_participant_id_fkey`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE chat_room_messages
        ADD FOREIGN KEY (chat_room_id) REFERENCES chat_rooms,
        ADD FOREIGN KEY (chat_room_participant_id) REFERENCES chat_room_participants,
        DROP CONSTRAINT chat_room_messages_sender`);
  }
}
