import type { MigrationInterface, QueryRunner } from 'typeorm';
import { ROOM_GATES } from './chat-rooms.migration.js';

/** Names the turns of senders among the advisory locks of the database; see ChatRoomSenders. */
export const ROOM_TURNS = 1_667_785_071;

/** Those who send in a room take turns from before their messages get their ids until the commit. */
export class AddRoomTurns1763700764000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE FUNCTION hold_chat_room_senders(called uuid, members_wanted bigint[], alone boolean)
      RETURNS TABLE (member_id bigint, version text) LANGUAGE plpgsql VOLATILE AS $$
      BEGIN
        PERFORM pg_advisory_xact_lock_shared(${ROOM_GATES}, hashtext(called::text));
        IF alone THEN
          PERFORM pg_advisory_xact_lock(${ROOM_TURNS}, hashtext(called::text));
        ELSE
          PERFORM pg_advisory_xact_lock_shared(${ROOM_TURNS}, hashtext(called::text));
        END IF;
        RETURN QUERY SELECT held.member_id, held.version FROM hold_chat_room_senders(called, members_wanted) AS held;
      END $$`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP FUNCTION hold_chat_room_senders(uuid, bigint[], boolean)`);
  }
}
