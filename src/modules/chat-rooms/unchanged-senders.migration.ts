import type { MigrationInterface, QueryRunner } from 'typeorm';
import { ROOM_GATES } from './chat-rooms.migration.js';
import { ROOM_TURNS } from './room-turns.migration.js';

/** Whether senders and room still are as remembered is one question, because each message has to wait for the answer. */
export class AddUnchangedSenders1763700775000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    // The locks and the versions are those of hold_chat_room_senders. Again VOLATILE, and the locks are a statement of
    // their own: the rows are read with a snapshot taken after the wait.
    await runner.query(`
      CREATE FUNCTION hold_unchanged_chat_room_senders(called uuid, members_known bigint[], versions_known text[])
      RETURNS boolean LANGUAGE plpgsql VOLATILE AS $$
      BEGIN
        PERFORM pg_advisory_xact_lock_shared(${ROOM_GATES}, hashtext(called::text)),
                pg_advisory_xact_lock(${ROOM_TURNS}, hashtext(called::text));
        RETURN (
          SELECT count(*) = cardinality(members_known)
          FROM unnest(members_known, versions_known) AS known (member_id, version)
          JOIN chat_rooms room ON room.uuid = called
          JOIN chat_room_participants participant
            ON participant.chat_room_id = room.id AND participant.member_id = known.member_id
          JOIN members member ON member.id = known.member_id
          WHERE concat_ws(' ', room.xmin, participant.xmin, member.xmin) = known.version);
      END $$`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP FUNCTION hold_unchanged_chat_room_senders(uuid, bigint[], text[])`);
  }
}
