/** More different labels than this would be somebody's data, not ours. */
const MAX_LABELS = 100;

/** Counts things by one label, on a hot path: a number in a map, read when somebody asks for the metrics. */
export class Tally {
  private readonly counts = new Map<string, number>();

  add(label: string, by = 1): void {
    const known = this.counts.get(label);
    if (known !== undefined || this.counts.size < MAX_LABELS) this.counts.set(label, (known ?? 0) + by);
    else this.counts.set('other', (this.counts.get('other') ?? 0) + by);
  }

  entries(): Iterable<[label: string, count: number]> {
    return this.counts;
  }
}

/** Bounds for things that take from a fraction of a millisecond to a minute, in seconds. */
export const SECONDS = [
  0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60,
] as const;

/** How many values fell under each bound: the numbers of a histogram, cheap enough for a hot path. */
export class Spread {
  /** One more than there are bounds: the last counts what is above them all. */
  readonly counts: number[];
  sum = 0;

  constructor(readonly bounds: readonly number[] = SECONDS) {
    this.counts = new Array<number>(bounds.length + 1).fill(0);
  }

  add(value: number): void {
    let index = 0;
    while (index < this.bounds.length && value > this.bounds[index]!) index += 1;
    this.counts[index]! += 1;
    this.sum += value;
  }

  /** Adds the seconds since a moment that `performance.now()` told. */
  addSince(start: number): void {
    this.add((performance.now() - start) / 1_000);
  }
}
