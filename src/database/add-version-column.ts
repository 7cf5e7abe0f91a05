import type { MigrationInterface, QueryRunner } from 'typeorm';

/** For tables whose rows count how often they have been written; TypeORM's `@VersionColumn` does the counting. */
export abstract class AddVersionColumn implements MigrationInterface {
  protected abstract readonly table: string;

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE ${this.table} ADD COLUMN version integer NOT NULL DEFAULT 1`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE ${this.table} DROP COLUMN version`);
  }
}
