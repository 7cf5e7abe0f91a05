import { Logger } from '@nestjs/common';
import { isUnavailable } from '../common/connection-errors.js';
import { SparseLog } from '../common/logging/sparse-log.js';

/** Logs what a door could not do for its clients; an outage only now and then, because it meets all of them. */
export class ClientFailures {
  private readonly logger: Logger;
  private readonly unserved: SparseLog;

  /**
   * @param door who says so.
   * @param what one thing that a client sends: "command".
   */
  constructor(
    door: string,
    private readonly what: string,
  ) {
    this.logger = new Logger(door);
    this.unserved = new SparseLog(this.logger);
  }

  log(error: unknown): void {
    if (isUnavailable(error)) this.unserved.warn(`A ${this.what} could not be served`, error);
    else this.logger.error(error, `A ${this.what} failed`);
  }
}
