/** Node's timers hold no longer time than 2^31 ms. */
const LONGEST_MS = 2_147_483_647;

/** Watches over the end of the token that a live session was opened with. */
export class TokenExpiry {
  private timer: NodeJS.Timeout | undefined;

  constructor(private readonly expired: (at: Date) => void) {}

  /** Watches this time, in ms since 1970, instead of the one before; null for a token that never expires. */
  watch(expiresAt: number | null): void {
    this.stop();
    if (expiresAt === null) return;
    const left = expiresAt - Date.now();
    if (left <= 0) this.expired(new Date(expiresAt));
    else this.timer = setTimeout(() => this.watch(expiresAt), Math.min(left, LONGEST_MS)).unref();
  }

  stop(): void {
    clearTimeout(this.timer);
  }
}
