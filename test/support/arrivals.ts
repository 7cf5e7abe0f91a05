const WAIT_MS = 90_000;

/** What has come to a client, in order, and a way to wait for what is still to come. */
export class Arrivals<Item> {
  /** All of it. */
  readonly items: Item[] = [];
  private taken = 0;
  private over = false;
  private wake: () => void = () => undefined;

  add(item: Item): void {
    this.items.push(item);
    this.wake();
  }

  /** Nothing more will come: whoever waits is told so. */
  end(): void {
    this.over = true;
    this.wake();
  }

  /** The next one that matches; what came before it counts as seen. */
  async next(matches: (item: Item) => boolean = () => true): Promise<Item> {
    let found = -1;
    await this.until(() => {
      found = this.items.findIndex((item, at) => at >= this.taken && matches(item));
      return found >= 0;
    });
    this.taken = found + 1;
    return this.items[found]!;
  }

  /** Looks again whenever something has come, or `changed`. */
  async until(done: () => boolean): Promise<void> {
    const deadline = Date.now() + WAIT_MS;
    while (!done()) {
      const left = deadline - Date.now();
      if (left <= 0 || this.over)
        throw new Error(`Nothing more came than ${JSON.stringify(this.items.slice(this.taken))}`);
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, left);
        this.wake = () => (clearTimeout(timer), resolve());
      });
    }
  }

  /** Something else that somebody may wait for has happened. */
  changed(): void {
    this.wake();
  }
}
