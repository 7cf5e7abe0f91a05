import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Each stream says which of its events was the last after which writers have to look again at who may write, and what. */
export class AddStreamRules1763700790000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE streams ADD COLUMN rules_seq bigint NOT NULL DEFAULT 0`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE streams DROP COLUMN rules_seq`);
  }
}
