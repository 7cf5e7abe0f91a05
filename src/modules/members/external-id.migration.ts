import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Members whom another issuer vouches for. A removed one keeps the name, or their next request would bring them back. */
export class AddExternalId1763700122000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE members ADD COLUMN external_id text`);
    await runner.query(`
      CREATE UNIQUE INDEX members_external_id ON members (workspace_id, external_id) WHERE external_id IS NOT NULL`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE members DROP COLUMN external_id`);
  }
}
