import { randomUUID } from 'node:crypto';
import { Injectable, Logger, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import type { DataSource } from 'typeorm';
import { asUnavailable } from '../common/connection-errors.js';
import type { Queries } from '../common/request-context.js';
import { answerLost, inProgress, keyReused } from './idempotency.errors.js';

/** A node that has not answered by then counts as crashed; whoever comes next may take over. */
const RUNNING_SECONDS = 30;
const KEPT_HOURS = 24;
const SWEEP_MS = 3_600_000;

/** One try at serving a request. */
export interface Attempt {
  id: string;
  attempt: string;
}

/** An answer as it was given. The body is JSON, or absent. */
export interface Answer {
  status: number;
  body: string | null;
}

interface Row extends Answer {
  same: boolean;
  status: number;
  committed: boolean;
  running: boolean;
}

/**
 * Remembers in PostgreSQL what became of each request with a key. An attempt marks its key in the transaction of its
 * change, and only while the key is its own: so of several attempts, on whichever nodes, at most one commits.
 */
@Injectable()
export class IdempotencyKeys implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly logger = new Logger(IdempotencyKeys.name);
  private timer: NodeJS.Timeout | undefined;

  constructor(@InjectDataSource() private readonly dataSource: DataSource) {}

  onApplicationBootstrap(): void {
    this.timer = setInterval(() => {
      this.sweep().catch((error: unknown) => this.logger.warn(`Old keys could not be removed yet: ${String(error)}`));
    }, SWEEP_MS);
    this.timer.unref();
  }

  onModuleDestroy(): void {
    clearInterval(this.timer);
  }

  /** The answer of before, or an attempt that the caller now has to make. Throws when neither is possible. */
  async begin(id: string, requestHash: string): Promise<Answer | Attempt> {
    try {
      for (;;) {
        const attempt = randomUUID();
        if (await this.claim(id, requestHash, attempt)) return { id, attempt };
        const row = await this.find(id, requestHash);
        // Gone meanwhile: an attempt that came to nothing, so the key is free again.
        if (row) return answerOf(row);
      }
    } catch (error) {
      throw asUnavailable(error) ?? error;
    }
  }

  /** Part of the transaction that makes the change; throws, and so takes it back, when somebody else has taken over. */
  async mark({ id, attempt }: Attempt, transaction: Queries): Promise<void> {
    const marked = await transaction.query(
      `UPDATE idempotency_keys SET committed_at = now() WHERE id = $1 AND attempt = $2 RETURNING id`,
      [id, attempt],
    );
    if (affected(marked) === 0) throw inProgress();
  }

  async keep({ id, attempt }: Attempt, { status, body }: Answer): Promise<void> {
    await this.dataSource.query(`UPDATE idempotency_keys SET status = $3, body = $4 WHERE id = $1 AND attempt = $2`, [
      id,
      attempt,
      status,
      body,
    ]);
  }

  /** The attempt came to nothing, and the next may start at once; unless its change was committed all the same. */
  async giveUp({ id, attempt }: Attempt): Promise<void> {
    const own = [id, attempt];
    await this.dataSource.query(
      `UPDATE idempotency_keys SET running_until = now() WHERE id = $1 AND attempt = $2`,
      own,
    );
    await this.dataSource.query(
      `DELETE FROM idempotency_keys WHERE id = $1 AND attempt = $2 AND committed_at IS NULL`,
      own,
    );
  }

  async sweep(): Promise<void> {
    await this.dataSource.query(`DELETE FROM idempotency_keys WHERE expires_at <= now()`);
  }

  /** Takes a key that is new, has expired, or belongs to an attempt that died before it changed anything. */
  private async claim(id: string, requestHash: string, attempt: string): Promise<boolean> {
    const rows = await this.dataSource.query<unknown[]>(
      `INSERT INTO idempotency_keys AS known (id, request_hash, attempt, running_until, expires_at)
       VALUES ($1, $2, $3, now() + interval '${RUNNING_SECONDS} seconds', now() + interval '${KEPT_HOURS} hours')
       ON CONFLICT (id) DO UPDATE
         SET request_hash = excluded.request_hash, attempt = excluded.attempt, running_until = excluded.running_until,
             expires_at = excluded.expires_at, committed_at = NULL, status = NULL, body = NULL
         WHERE known.expires_at <= now()
            OR (known.request_hash = excluded.request_hash AND known.status IS NULL
                AND known.committed_at IS NULL AND known.running_until <= now())
       RETURNING id`,
      [id, requestHash, attempt],
    );
    return rows.length > 0;
  }

  private async find(id: string, requestHash: string): Promise<Row | undefined> {
    const rows = await this.dataSource.query<Row[]>(
      `SELECT request_hash = $2 AS same, status, body, committed_at IS NOT NULL AS committed, running_until > now() AS running
       FROM idempotency_keys WHERE id = $1 AND expires_at > now()`,
      [id, requestHash],
    );
    return rows[0];
  }
}

function answerOf({ same, status, body, committed, running }: Row): Answer {
  if (!same) throw keyReused();
  if (status !== null) return { status, body };
  throw committed && !running ? answerLost() : inProgress();
}

/** TypeORM gives the rows of an UPDATE together with their number. */
function affected(result: unknown): number {
  return Array.isArray(result) ? Number(result[1]) : 0;
}
