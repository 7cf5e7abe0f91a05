const MOST = 10_000;

interface RememberedOptions {
  /** For how long an entry counts. */
  ms?: number;
  /** How many there are at most; one more, and the oldest is forgotten. */
  most?: number;
}

interface Entry<Value> {
  value: Value;
  until: number;
}

/** What was read or worked out, for those who need it again soon. No truth of its own: whoever uses it knows why it holds. */
export class Remembered<Value> {
  private readonly entries = new Map<string, Entry<Value>>();
  private readonly ms: number;
  private readonly most: number;

  constructor({ ms = Infinity, most = MOST }: RememberedOptions = {}) {
    this.ms = ms;
    this.most = most;
  }

  get(key: string): Value | undefined {
    const entry = this.entries.get(key);
    return entry !== undefined && entry.until >= performance.now() ? entry.value : undefined;
  }

  set(key: string, value: Value): void {
    // It takes its place behind the others.
    this.entries.delete(key);
    if (this.entries.size >= this.most) this.entries.delete(this.entries.keys().next().value!);
    this.entries.set(key, { value, until: performance.now() + this.ms });
  }

  delete(key: string): void {
    this.entries.delete(key);
  }
}
