import { Injectable, Logger, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import type { DataSource, EntityManager } from 'typeorm';
import { Clock } from '../common/clock.js';
import { Settings } from '../config/settings.js';

const HOUR_MS = 3_600_000;
const WIDTHS_HOURS = [1, 2, 3, 4, 6, 8, 12, 24];
/** Partitions are made this far ahead, so that a missed run of the maintenance does no harm. */
const AHEAD_HOURS = 48;
const MAINTENANCE_LOCK = 7_203_114_002;

interface Partition {
  name: string;
  from: number;
  to: number;
}

/**
 * Forgets old events by dropping whole time partitions of the log, which costs the same however many rows they hold,
 * and makes the partitions that the next two days need.
 */
@Injectable()
export class Retention implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly logger = new Logger(Retention.name);
  private readonly widthMs: number;
  /** Times before this are known to have a partition. */
  private coveredUntil = 0;
  private timer: NodeJS.Timeout | undefined;

  constructor(
    @InjectDataSource() private readonly dataSource: DataSource,
    private readonly settings: Settings,
    private readonly clock: Clock,
  ) {
    const wanted = settings.eventRetentionHours / 6;
    this.widthMs = HOUR_MS * (WIDTHS_HOURS.find((hours) => hours >= wanted) ?? 24);
  }

  async onApplicationBootstrap(): Promise<void> {
    await this.maintain();
    this.timer = setInterval(() => {
      this.maintain().catch((error: unknown) =>
        this.logger.warn(`The event log's maintenance failed and will be repeated: ${String(error)}`),
      );
    }, HOUR_MS / 2);
    this.timer.unref();
  }

  onModuleDestroy(): void {
    clearInterval(this.timer);
  }

  /** Whether an event of this time is known to have a partition: almost always. */
  covers(time: Date): boolean {
    return time.getTime() < this.coveredUntil;
  }

  /** Makes the partition of now, and more, in the caller's transaction; for when `covers` says no. */
  async cover(manager: EntityManager): Promise<void> {
    // The maintenance is late (a machine that slept): make them here, so that the write does not fail.
    await this.createAhead(manager);
  }

  /** Creates the partitions to come and drops those that are wholly older than the retention. */
  async maintain(): Promise<void> {
    // Remembered only once committed: a transaction that covered its own write may yet be rolled back.
    this.coveredUntil = await this.dataSource.transaction((manager) => this.createAhead(manager));
    const oldest = this.clock.now().getTime() - this.settings.eventRetentionHours * HOUR_MS;
    for (const partition of await this.partitions(this.dataSource.manager)) {
      if (partition.to <= oldest) await this.drop(partition);
    }
  }

  private async createAhead(manager: EntityManager): Promise<number> {
    await manager.query('SELECT pg_advisory_xact_lock($1)', [MAINTENANCE_LOCK]);
    const now = this.clock.now().getTime();
    const until = now + AHEAD_HOURS * HOUR_MS;
    const partitions = await this.partitions(manager);
    // A changed retention changes the width: the next partition then starts where the last one ends.
    let from = Math.max(Math.floor(now / this.widthMs) * this.widthMs, partitions.at(-1)?.to ?? 0);
    while (from < until) {
      const to = (Math.floor(from / this.widthMs) + 1) * this.widthMs;
      await this.create(manager, from, to);
      from = to;
    }
    return from;
  }

  /** Attached rather than created in place: attaching does not stop the readers and writers of the log. */
  private async create(manager: EntityManager, from: number, to: number): Promise<void> {
    const name = `events_${new Date(from)
      .toISOString()
      .replaceAll(/[-:]|\..*/g, '')
      .toLowerCase()}`;
    await manager.query(`CREATE TABLE "${name}" (LIKE events INCLUDING ALL)`);
    await manager.query(
      `ALTER TABLE events ATTACH PARTITION "${name}" FOR VALUES FROM ('${new Date(from).toISOString()}') TO ('${new Date(to).toISOString()}')`,
    );
  }

  /** Gives up quickly when a long reader is in the way; the next run tries again. */
  private async drop(partition: Partition): Promise<void> {
    try {
      await this.dataSource.transaction(async (manager) => {
        await manager.query(`SET LOCAL lock_timeout = '2s'`);
        await manager.query(`DROP TABLE IF EXISTS "${partition.name}"`);
      });
    } catch (error) {
      this.logger.warn(`Partition ${partition.name} of the event log could not be dropped yet: ${String(error)}`);
    }
  }

  private async partitions(manager: EntityManager): Promise<Partition[]> {
    const rows: { name: string; bound: string }[] = await manager.query(`
      SELECT c.relname AS name, pg_get_expr(c.relpartbound, c.oid) AS bound
      FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
      WHERE i.inhparent = 'events'::regclass`);
    return rows
      .map(({ name, bound }) => {
        const [from, to] = [...bound.matchAll(/'([^']+)'/g)].map((match) => new Date(isoTime(match[1]!)).getTime());
        return { name, from: from!, to: to! };
      })
      .sort((a, b) => a.from - b.from);
  }
}

/** PostgreSQL prints `2026-01-31 08:00:00+00`; the offset lacks its minutes. */
function isoTime(text: string): string {
  return text.replace(' ', 'T').replace(/([+-]\d\d)$/, '$1:00');
}
