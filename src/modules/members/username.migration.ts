import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Members who log in with a name, and who act through programs by a lasting key. */
export class AddUsername1763700603000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE members ADD COLUMN username text`);
    await runner.query(`
      CREATE UNIQUE INDEX members_username ON members (workspace_id, username)
      WHERE deleted_at IS NULL AND username IS NOT NULL`);
    await runner.query(`
      CREATE TABLE member_keys (
        member_id bigint PRIMARY KEY REFERENCES members,
        salt text NOT NULL,
        hash text NOT NULL,
        CONSTRAINT member_keys_hash UNIQUE (hash)
      )`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP TABLE member_keys`);
    await runner.query(`ALTER TABLE members DROP COLUMN username`);
  }
}
