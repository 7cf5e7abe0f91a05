import { Spread } from '../common/tally.js';
import type { DomainEvent } from '../events/domain-event.js';

/** What happened to the sessions of this node since it started; plain numbers for the metrics. */
export class RealtimeCounts {
  /** Joins that continued where the client had stopped. */
  resumes = 0;
  /** Times that a client was told to read the state again. */
  resyncs = 0;
  slowCuts = 0;
  revokedRooms = 0;
  revokedSessions = 0;
  /** Reads of the log by feeds, because the next event did not come with a hint. */
  holeReads = 0;
  /** Reads of the log for clients that came back to a position before what feeds remember. */
  pageReads = 0;
  /** Seconds from the writing of an event to its delivery: of the oldest one of each delivery. */
  readonly lag = new Spread();
  /** Seconds that deliveries waited for changes of access to be applied. */
  readonly gateWaits = new Spread();

  /** Clocks of two nodes may differ by a little. */
  delivered(oldest: DomainEvent): void {
    this.lag.add(Math.max(0, Date.now() - Date.parse(oldest.createdAt)) / 1_000);
  }

  async waitedFor(gate: Promise<void>): Promise<void> {
    const start = performance.now();
    await gate;
    this.gateWaits.addSince(start);
  }
}
