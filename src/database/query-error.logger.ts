import { Logger as AppLogger } from '@nestjs/common';
import type { Logger } from 'typeorm';

const SHOWN_CHARACTERS = 500;

/** TypeORM's voice in our log: never a query's parameters, which may be secrets. */
export class QueryErrorLogger implements Logger {
  private readonly logger = new AppLogger('Database');

  logQuery(): void {
    // One line per statement would drown everything else.
  }

  /** The error itself reaches whoever asked; here stays the statement, for debugging. */
  logQueryError(error: string | Error, query: string): void {
    const code = typeof error === 'object' && 'code' in error ? String(error.code) : 'unknown';
    this.logger.debug({ code, query: query.slice(0, SHOWN_CHARACTERS) }, 'A statement failed');
  }

  logQuerySlow(time: number, query: string): void {
    this.logger.warn({ time, query: query.slice(0, SHOWN_CHARACTERS) }, 'A statement was slow');
  }

  logSchemaBuild(): void {
    // The schema is never built from the entities.
  }

  logMigration(message: string): void {
    this.logger.debug(message);
  }

  log(level: 'log' | 'info' | 'warn', message: unknown): void {
    if (level === 'warn') this.logger.warn(String(message));
    else this.logger.debug(String(message));
  }
}
