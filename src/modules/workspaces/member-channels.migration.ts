import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Workspaces say whether their members may make channels of their own; all that are there allow it. */
export class AddMemberChannels1763700758000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE workspaces ADD COLUMN member_channels boolean NOT NULL DEFAULT true`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE workspaces DROP COLUMN member_channels`);
  }
}
