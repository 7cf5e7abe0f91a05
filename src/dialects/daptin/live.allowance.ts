/** Requests of one socket: so many each second, and so many at once. */
const PER_SECOND = 500;
const BURST = 2_000;
/** A client that goes on after as many refusals is not going to stop. */
const PATIENCE = 2_000;

export type Allowed = 'served' | 'refused' | 'too_many';

/** What one socket may still ask. Refusals are forgotten once it has kept still for a while. */
export class LiveAllowance {
  private left = BURST;
  private refused = 0;
  private counted = performance.now();

  take(): Allowed {
    const now = performance.now();
    this.left = Math.min(BURST, this.left + ((now - this.counted) / 1_000) * PER_SECOND);
    this.counted = now;
    if (this.left > BURST / 2) this.refused = 0;
    if (this.left < 1) {
      this.refused += 1;
      return this.refused > PATIENCE ? 'too_many' : 'refused';
    }
    this.left -= 1;
    return 'served';
  }
}
