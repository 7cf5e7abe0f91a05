import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Whether a channel still is what decides who may publish to it, in one call that gives one truth instead of a row. */
export class CreateChannelStands1763700780000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    // Held and read as in hold_channel, with the same key. VOLATILE, so that the row is read as it is after the wait.
    await runner.query(`
      CREATE FUNCTION channel_stands(
        of_workspace bigint, called text, with_id bigint, with_type text, of_group bigint, for_group text,
        for_others text, takes_custom boolean
      ) RETURNS boolean LANGUAGE plpgsql VOLATILE AS $$
      BEGIN
        PERFORM pg_advisory_xact_lock_shared(hashtextextended('channels/' || of_workspace || '/' || called, 0));
        RETURN EXISTS (
          SELECT FROM channels
          WHERE workspace_id = of_workspace AND name = called AND id = with_id AND type = with_type
            AND group_id IS NOT DISTINCT FROM of_group AND group_permissions = for_group
            AND other_permissions = for_others AND custom_publish = takes_custom
        );
      END $$`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP FUNCTION channel_stands(bigint, text, bigint, text, bigint, text, text, boolean)`);
  }
}
