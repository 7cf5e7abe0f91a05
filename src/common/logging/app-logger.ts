import type { LoggerService } from '@nestjs/common';
import { type DestinationStream, type Level, type LevelWithSilent, type Logger, pino, stdTimeFunctions } from 'pino';
import { currentRequest } from '../request-context.js';
import { readableLines } from './readable-lines.js';
import { redact, redactText } from './redact.js';

export interface AppLoggerOptions {
  level: LevelWithSilent;
  /** Short lines for people instead of JSON for machines. */
  readable: boolean;
  destination?: DestinationStream;
}

/** Nest tells at length how it puts the server together; that is for debugging. */
const ASSEMBLY = new Set([
  'NestFactory',
  'NestApplication',
  'InstanceLoader',
  'RoutesResolver',
  'RouterExplorer',
  'WebSocketsController',
]);

/** Where every line of Nest's Logger ends: freed of secrets, with the request that it belongs to, as JSON or as text. */
export class AppLogger implements LoggerService {
  private readonly logger: Logger;

  constructor({ level, readable, destination }: AppLoggerOptions) {
    // Written at once, so that the last words before an exit are not lost.
    const standard = readable ? process.stdout : pino.destination({ dest: 1, sync: true });
    const out = destination ?? standard;
    this.logger = pino(
      {
        level,
        base: undefined,
        timestamp: stdTimeFunctions.isoTime,
        mixin: requestFields,
        // Errors were described, and cleaned, before they come here.
        serializers: { err: (described: unknown) => described },
      },
      readable ? readableLines(out) : out,
    );
  }

  log(message: unknown, ...rest: unknown[]): void {
    this.write(ASSEMBLY.has(rest.at(-1) as string) ? 'debug' : 'info', message, rest);
  }

  error(message: unknown, ...rest: unknown[]): void {
    // A boot that fails is reported by whoever started it.
    this.write(rest.at(-1) === 'ExceptionHandler' ? 'debug' : 'error', message, rest);
  }

  warn(message: unknown, ...rest: unknown[]): void {
    this.write('warn', message, rest);
  }

  debug(message: unknown, ...rest: unknown[]): void {
    this.write('debug', message, rest);
  }

  verbose(message: unknown, ...rest: unknown[]): void {
    this.write('trace', message, rest);
  }

  fatal(message: unknown, ...rest: unknown[]): void {
    this.write('fatal', message, rest);
  }

  /** Nest's Logger passes its own name last; before it come texts, errors and fields in any order. */
  private write(level: Level, message: unknown, rest: unknown[]): void {
    if (!this.logger.isLevelEnabled(level)) return;
    const context = typeof rest.at(-1) === 'string' ? (rest.at(-1) as string) : undefined;
    const parts = [message, ...(context === undefined ? rest : rest.slice(0, -1))];
    const fields: Record<string, unknown> = context === undefined ? {} : { context };
    const texts: string[] = [];
    for (const part of parts) {
      if (part instanceof Error) fields.err = redact(part);
      else if (typeof part === 'object' && part !== null) Object.assign(fields, redact(part));
      else if (typeof part === 'string' && /\n\s+at /.test(part)) fields.err = { stack: redactText(part) };
      else if (part !== undefined) texts.push(redactText(String(part)));
    }
    this.logger[level](fields, texts.join(' '));
  }
}

function requestFields(): object {
  const request = currentRequest();
  return request === undefined ? {} : { request_id: request.requestId };
}
