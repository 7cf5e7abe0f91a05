import { Injectable, Logger } from '@nestjs/common';
import { type HealthIndicatorResult, HealthIndicatorService } from '@nestjs/terminus';
import { DataSource } from 'typeorm';
import { Drain } from '../realtime/drain.js';

/** A probe waits for less than this; an answer must not hang with the database. */
const TIME_LIMIT_MS = 2000;

/** Knows whether this node should get traffic: it is not leaving, and the database answers in time. */
@Injectable()
export class Readiness {
  private readonly logger = new Logger(Readiness.name);
  private answered = true;
  /** One question at a time: while the database hangs, probes must not use up the connections. */
  private asking: Promise<boolean> | null = null;

  constructor(
    private readonly dataSource: DataSource,
    private readonly indicators: HealthIndicatorService,
    private readonly drain: Drain,
  ) {}

  async ready(): Promise<boolean> {
    const results = [this.server(), await this.database()];
    return results.flatMap((result) => Object.values(result)).every(({ status }) => status === 'up');
  }

  server(): HealthIndicatorResult {
    const indicator = this.indicators.check('server');
    return this.drain.leaving ? indicator.down('shutting down') : indicator.up();
  }

  async database(): Promise<HealthIndicatorResult> {
    const indicator = this.indicators.check('database');
    const answers = await this.databaseAnswers();
    this.tell(answers);
    return answers ? indicator.up() : indicator.down('not reachable');
  }

  /** Once for each change: probes ask every second. */
  private tell(answers: boolean): void {
    if (answers === this.answered) return;
    this.answered = answers;
    if (answers) this.logger.log('The database answers again: this node is ready');
    else this.logger.warn('The database does not answer: this node is not ready');
  }

  private async databaseAnswers(): Promise<boolean> {
    this.asking ??= this.ask().finally(() => (this.asking = null));
    let timer: NodeJS.Timeout | undefined;
    const tooLate = new Promise<boolean>((resolve) => {
      timer = setTimeout(() => resolve(false), TIME_LIMIT_MS);
    });
    return Promise.race([this.asking, tooLate]).finally(() => clearTimeout(timer));
  }

  private async ask(): Promise<boolean> {
    try {
      await this.dataSource.query('SELECT 1');
      return true;
    } catch {
      return false;
    }
  }
}
