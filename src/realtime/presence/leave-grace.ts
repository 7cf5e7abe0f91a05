import type { PresenceChange } from './attendance.js';

/** Holds leaves back for a while, in case the member comes back. One timer for all, because all wait equally long. */
export class LeaveGrace {
  /** Who goes first comes first. */
  private readonly leaving = new Map<number, { workspaceId: number; at: number }>();
  private timer: NodeJS.Timeout | undefined;

  constructor(
    readonly milliseconds: number,
    private readonly over: (changes: PresenceChange[]) => void,
  ) {}

  begin(workspaceId: number, memberId: number): void {
    if (this.milliseconds === 0) return this.over([{ workspaceId, memberId, online: false }]);
    this.leaving.set(memberId, { workspaceId, at: performance.now() + this.milliseconds });
    this.wait();
  }

  /** True when the member was about to leave, and now is not. */
  cancel(memberId: number): boolean {
    return this.leaving.delete(memberId);
  }

  stop(): void {
    clearTimeout(this.timer);
    this.leaving.clear();
  }

  private wait(): void {
    const [next] = this.leaving.values();
    if (!next || this.timer) return;
    this.timer = setTimeout(() => this.end(), Math.max(0, Math.ceil(next.at - performance.now()))).unref();
  }

  private end(): void {
    this.timer = undefined;
    const changes: PresenceChange[] = [];
    for (const [memberId, { workspaceId, at }] of this.leaving) {
      if (at > performance.now()) break;
      this.leaving.delete(memberId);
      changes.push({ workspaceId, memberId, online: false });
    }
    if (changes.length > 0) this.over(changes);
    this.wait();
  }
}
