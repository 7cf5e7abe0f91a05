import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Remembers when a member last logged out everywhere. */
export class AddTokensValidAfter1763700121000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE members ADD COLUMN tokens_valid_after timestamptz(3)`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE members DROP COLUMN tokens_valid_after`);
  }
}
