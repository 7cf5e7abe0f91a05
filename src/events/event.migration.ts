import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The event log: one row per stream that hands out numbers, and the events, partitioned by time. */
export class CreateEventLog1763700000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE event_log_epoch (
        only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row),
        epoch text NOT NULL
      )`);
    await runner.query(
      `INSERT INTO event_log_epoch (epoch) VALUES (substr(md5(random()::text || clock_timestamp()::text), 1, 12))`,
    );
    // Only last_seq changes, and it is in no index: updates stay inside their page.
    await runner.query(`
      CREATE TABLE streams (
        name text PRIMARY KEY,
        last_seq bigint NOT NULL
      ) WITH (fillfactor = 50)`);
    await runner.query(`INSERT INTO streams (name, last_seq) VALUES ('access', 0)`);
    await runner.query(`
      CREATE TABLE events (
        stream text NOT NULL,
        seq bigint NOT NULL,
        created_at timestamptz NOT NULL,
        action text NOT NULL,
        type text NOT NULL,
        path text,
        room text,
        resource json,
        author json,
        request_id text,
        numbered boolean NOT NULL,
        fence bigint NOT NULL,
        concerns json,
        PRIMARY KEY (stream, seq, created_at)
      ) PARTITION BY RANGE (created_at)`);
    await runner.query(`CREATE INDEX events_by_room ON events (stream, room, seq) WHERE room IS NOT NULL`);
    // VOLATILE on purpose: it then reads with a snapshot of its own, taken after the stream's row is locked. A plain
    // subselect would use the snapshot from before the wait and could miss an access change that committed meanwhile.
    await runner.query(`
      CREATE FUNCTION access_fence() RETURNS bigint LANGUAGE plpgsql VOLATILE AS $$
      BEGIN
        RETURN (SELECT last_seq FROM streams WHERE name = 'access');
      END $$`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP FUNCTION access_fence()`);
    await runner.query(`DROP TABLE events`);
    await runner.query(`DROP TABLE streams`);
    await runner.query(`DROP TABLE event_log_epoch`);
  }
}
