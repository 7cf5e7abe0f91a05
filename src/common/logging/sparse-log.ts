import { types } from 'node:util';
import type { Logger } from '@nestjs/common';
import { runOutsideRequests } from '../request-context.js';

const QUIET_MS = 10_000;

/**
 * For what happens a thousand times a second once it happens at all: says it the first time, with the reason, and from then
 * on only how often it has happened since. An outage must not fill the disk.
 */
export class SparseLog {
  /** How often each has happened since it was last said. */
  private readonly unsaid = new Map<string, number>();

  constructor(
    private readonly logger: Pick<Logger, 'warn'>,
    private readonly quietMs = QUIET_MS,
  ) {}

  /** @param what the same words for all that are counted together. */
  warn(what: string, reason: unknown): void {
    const unsaid = this.unsaid.get(what);
    if (unsaid === undefined) {
      this.logger.warn(`${what}: ${textOf(reason)}`);
      this.listen(what);
    } else this.unsaid.set(what, unsaid + 1);
  }

  private listen(what: string): void {
    this.unsaid.set(what, 0);
    runOutsideRequests(() => setTimeout(() => this.sum(what), this.quietMs).unref());
  }

  private sum(what: string): void {
    const unsaid = this.unsaid.get(what)!;
    if (unsaid === 0) return void this.unsaid.delete(what);
    this.logger.warn({ times: unsaid }, `${what}: ${unsaid} more in the last ${Math.round(this.quietMs / 1_000)} s`);
    this.listen(what);
  }
}

/** The innermost cause says most. Some errors of the network have no text, only a code. */
function textOf(reason: unknown): string {
  if (!types.isNativeError(reason)) return String(reason);
  if (reason.cause !== undefined) return textOf(reason.cause);
  return reason.message || String((reason as { code?: unknown }).code ?? reason.name);
}
