import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Workspaces that can be described, changed and removed. The name of a removed one is free again. */
export class AddWorkspaceDetails1763700601000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE workspaces
        ADD COLUMN description text NOT NULL DEFAULT '',
        ADD COLUMN metadata jsonb NOT NULL DEFAULT '{}',
        ADD COLUMN updated_at timestamptz(3) NOT NULL DEFAULT now(),
        ADD COLUMN deleted_at timestamptz(3),
        DROP CONSTRAINT workspaces_name`);
    await runner.query(`CREATE UNIQUE INDEX workspaces_name ON workspaces (name) WHERE deleted_at IS NULL`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP INDEX workspaces_name`);
    await runner.query(`
      ALTER TABLE workspaces
        DROP COLUMN description, DROP COLUMN metadata, DROP COLUMN updated_at, DROP COLUMN deleted_at,
        ADD CONSTRAINT workspaces_name UNIQUE (name)`);
  }
}
