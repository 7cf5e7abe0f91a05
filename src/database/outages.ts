import { setTimeout as pause } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { isUnavailable } from '../common/connection-errors.js';

/** How long somebody is kept waiting for a database that is away, and how often it is asked meanwhile. */
const PATIENCE_MS = 10_000;
const LOOK_MS = 250;

/**
 * Patience for those who have nowhere else to go: a client that logs in or joins while the database is being restarted had
 * better wait for it than come back again and again, together with all the others.
 */
@Injectable()
export class Outages {
  /** One question for all who wait. */
  private looking: Promise<boolean> | null = null;

  constructor(private readonly dataSource: DataSource) {}

  /**
   * Carries work out, and once more whenever the database is back from an outage. It may be cut short anywhere, so it must
   * be such that doing it again does no harm.
   */
  async outlast<T>(work: () => Promise<T>, patienceMs = PATIENCE_MS): Promise<T> {
    const deadline = performance.now() + patienceMs;
    for (;;) {
      try {
        return await work();
      } catch (error) {
        if (!isUnavailable(error) || !(await this.over(deadline))) throw error;
      }
    }
  }

  /** False when the database has not come back in time. */
  private async over(deadline: number): Promise<boolean> {
    const left = deadline - performance.now();
    if (left <= 0) return false;
    // One timer for the whole wait: there may be very many who wait.
    const late = pause(left, null, { ref: false });
    for (;;) {
      this.looking ??= this.look().finally(() => (this.looking = null));
      const back = await Promise.race([this.looking, late]);
      if (back !== false) return back === true;
    }
  }

  private async look(): Promise<boolean> {
    await pause(LOOK_MS, undefined, { ref: false });
    return this.dataSource.query('SELECT 1').then(
      () => true,
      () => false,
    );
  }
}
