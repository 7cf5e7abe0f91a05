import { type EventLoopUtilization, performance } from 'node:perf_hooks';

/** How much this process waits for others. */
export class LoopIdleness {
  private before: EventLoopUtilization = performance.eventLoopUtilization();

  /** The share of the time since the last question, 0 to 1, in which the event loop had nothing to do. */
  share(): number {
    const now = performance.eventLoopUtilization();
    const { utilization } = performance.eventLoopUtilization(now, this.before);
    this.before = now;
    return 1 - utilization;
  }
}
