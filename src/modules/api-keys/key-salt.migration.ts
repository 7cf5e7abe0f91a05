import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Keys that can be shown again. Those of before cannot. */
export class AddKeySalt1763700600000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE api_keys ADD COLUMN key_salt text`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE api_keys DROP COLUMN key_salt`);
  }
}
