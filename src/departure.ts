import process from 'node:process';

/** A second signal within this time is the echo of the first. */
const SIGNAL_ECHO_MS = 1_000;
/** A boot that was told to stop may come to its end within this time; then it is given up, which harms as little as a crash. */
const BOOT_LIMIT_MS = 5_000;

/**
 * How the process ends when it is told to, from its first moment on. Needs nothing that takes long to load, so that it is
 * there before everything else.
 */
export class Departure {
  /** The signal that asked for it. */
  wanted: string | null = null;
  private leave: ((signal: string) => void) | null = null;
  private bootLimit: NodeJS.Timeout | undefined;
  private signals = 0;
  private firstAt = 0;

  constructor() {
    process.on('SIGTERM', (signal) => this.take(signal));
    process.on('SIGINT', (signal) => this.take(signal));
  }

  /** There is something to take down from now on. If the signal has come already, that happens at once. */
  leadsTo(leave: (signal: string) => void): void {
    clearTimeout(this.bootLimit);
    this.leave = leave;
    if (this.wanted !== null) leave(this.wanted);
  }

  private take(signal: string): void {
    this.signals += 1;
    // Ctrl-C reaches a server under npm twice: from the terminal and from npm. Who asks once more means it.
    if (this.signals === 2 && performance.now() - this.firstAt < SIGNAL_ECHO_MS) return;
    if (this.signals > 1) process.exit(1);
    this.firstAt = performance.now();
    this.wanted = signal;
    if (this.leave) this.leave(signal);
    else this.bootLimit = setTimeout(() => process.exit(0), BOOT_LIMIT_MS);
  }
}
