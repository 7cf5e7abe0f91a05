import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Finds all notifications of a conversation that ends. */
export class IndexNotificationParents1763700740000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(
      `CREATE INDEX notifications_by_parent ON notifications (parent_type, parent_id) WHERE deleted_at IS NULL`,
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP INDEX notifications_by_parent`);
  }
}
