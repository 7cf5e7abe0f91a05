import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What became of requests that carry an Idempotency-Key. `id` is a hash of caller, address and key. */
export class CreateIdempotencyKeys1763700500000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE idempotency_keys (
        id text PRIMARY KEY,
        request_hash text NOT NULL,
        attempt uuid NOT NULL,
        running_until timestamptz(3) NOT NULL,
        committed_at timestamptz(3),
        status smallint,
        body text,
        expires_at timestamptz(3) NOT NULL
      )`);
    await runner.query(`CREATE INDEX idempotency_keys_by_expiry ON idempotency_keys (expires_at)`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP TABLE idempotency_keys`);
  }
}
