import { isUnavailable, serviceUnavailable } from '../common/connection-errors.js';
import type { Transactions } from './transactions.js';

/** What the group needs to know of transactions. */
type Surroundings = Pick<Transactions, 'bound' | 'outside'>;

/** What became of one item of a batch: an item may be refused without its neighbours. */
export type Outcome<Result> = { result: Result } | { error: unknown };

/** Writes a batch of items of one key in one transaction; one outcome per item, in order. */
export type WriteBatch<Item, Result> = (key: string, items: Item[]) => Promise<Outcome<Result>[]>;

interface Waiting<Item, Result> {
  item: Item;
  settle: (outcome: Outcome<Result>) => void;
  since: number;
}

const MAX_BATCH = 200;
/** Who has waited for longer than this is refused when their turn comes: the batches before them hung. */
const MAX_WAIT_MS = 10_000;

/**
 * Lets what waits during a commit share the next one: per key one batch is being written, and the items that arrive
 * meanwhile make up the next. An idle key writes at once, so nothing is delayed on purpose.
 */
export class GroupCommit<Item, Result> {
  private readonly queues = new Map<string, Waiting<Item, Result>[]>();

  constructor(
    private readonly transactions: Surroundings,
    private readonly write: WriteBatch<Item, Result>,
  ) {}

  /**
   * Resolves when the item is committed. Inside a transaction of the caller it is written there, as part of it; a
   * request that has something of its own to commit gets a transaction of its own.
   */
  submit(key: string, item: Item): Promise<Result> {
    return new Promise((resolve, reject) => {
      const settle = (outcome: Outcome<Result>): void =>
        'error' in outcome ? reject(outcome.error as Error) : resolve(outcome.result);
      if (this.transactions.bound) this.write(key, [item]).then(([outcome]) => settle(outcome!), reject);
      else this.enqueue(key, { item, settle, since: performance.now() });
    });
  }

  private enqueue(key: string, waiting: Waiting<Item, Result>): void {
    const queue = this.queues.get(key);
    if (queue) {
      queue.push(waiting);
      return;
    }
    this.queues.set(key, [waiting]);
    // Not part of the first caller's context: the loop outlives it.
    void this.transactions.outside(() => this.drain(key));
  }

  private async drain(key: string): Promise<void> {
    const queue = this.queues.get(key)!;
    while (queue.length > 0) {
      const latest = performance.now() - MAX_WAIT_MS;
      const batch = queue.splice(0, MAX_BATCH).filter(({ since, settle }) => {
        if (since < latest) settle({ error: serviceUnavailable() });
        return since >= latest;
      });
      if (batch.length > 0) await this.writeTogether(key, batch);
    }
    this.queues.delete(key);
  }

  private async writeTogether(key: string, batch: Waiting<Item, Result>[]): Promise<void> {
    try {
      const outcomes = await this.write(
        key,
        batch.map(({ item }) => item),
      );
      const tell = (): void => batch.forEach(({ settle }, index) => settle(outcomes[index]!));
      // Answering takes a while, and the database has nothing to do until it has the next batch: that one goes first.
      // And whatever was to be told of this commit has its turn before the answers.
      setImmediate(tell);
    } catch (error) {
      // One bad item must not fail its neighbours. When the database was lost, the batch may have been committed.
      const retry = batch.length > 1 && !isUnavailable(error);
      if (!retry) batch.forEach(({ settle }) => settle({ error }));
      else for (const one of batch) await this.writeTogether(key, [one]);
    }
  }
}
