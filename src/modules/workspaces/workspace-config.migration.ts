import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Workspaces that keep what their programs share. */
export class AddWorkspaceConfig1763700751000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE workspaces ADD COLUMN config jsonb NOT NULL DEFAULT '{}'`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE workspaces DROP COLUMN config`);
  }
}
