import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Names of accounts, and account keys that can be shown again. */
export class AddAccountDetails1763700602000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE accounts
        ADD COLUMN first_name text NOT NULL DEFAULT '',
        ADD COLUMN last_name text NOT NULL DEFAULT '',
        ADD COLUMN account_key_salt text`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE accounts DROP COLUMN first_name, DROP COLUMN last_name, DROP COLUMN account_key_salt`);
  }
}
