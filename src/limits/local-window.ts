/** How often something may happen within a window of time. */
export interface Allowance {
  times: number;
  windowSeconds: number;
}

/**
 * Counts in this process. All keys share one window that starts anew for everybody at once, so that a count is one look
 * into a map and forgetting is dropping the map.
 */
export class LocalWindow {
  private counts = new Map<string, number>();
  private endsAt = 0;

  constructor(private readonly allowance: Allowance) {}

  /** Counts one more; gives the seconds to wait, or 0 when it may happen now. */
  hit(key: string, now = Date.now()): number {
    if (now >= this.endsAt) {
      this.counts = new Map();
      this.endsAt = now + this.allowance.windowSeconds * 1_000;
    }
    const count = (this.counts.get(key) ?? 0) + 1;
    this.counts.set(key, count);
    return count > this.allowance.times ? Math.ceil((this.endsAt - now) / 1_000) : 0;
  }
}
