import { isUnavailable, serviceUnavailable } from '../common/connection-errors.js';
import { LoopIdleness } from '../common/loop-idleness.js';
import type { Transactions } from './transactions.js';

/** What the group needs to know of transactions. */
type Surroundings = Pick<Transactions, 'bound' | 'outside'>;

/** What became of one item of a batch: an item may be refused without its neighbours. */
export type Outcome<Result> = { result: Result } | { error: unknown };

/** Writes a batch of items of one key in one transaction; one outcome per item, in order. */
export type WriteBatch<Item, Result> = (key: string, items: Item[]) => Promise<Outcome<Result>[]>;

/** What waits for one key. */
export interface Batch<Item> {
  key: string;
  items: Item[];
}

/**
 * Writes batches of several keys in one transaction, and waits for nobody who holds one of them. For each batch its
 * outcomes, or null: then nothing of it was written, and it is to be written by itself.
 */
export type WriteSeveral<Item, Result> = (batches: Batch<Item>[]) => Promise<(Outcome<Result>[] | null)[]>;

interface Waiting<Item, Result> {
  item: Item;
  settle: (outcome: Outcome<Result>) => void;
  since: number;
}

/** A key that is being written, or waits for it. */
interface Queue<Item, Result> {
  waiting: Waiting<Item, Result>[];
  /** How many of it were written last. */
  last: number;
}

const MAX_BATCH = 200;
/** With less idle time than that a process has its hands full. */
const IDLE_SHARE = 0.05;
/** As many are written together whatever was written before. */
const SMALL_BATCH = 8;
/** Who has waited for longer than this is refused when their turn comes: the batches before them hung. */
const MAX_WAIT_MS = 10_000;
/** When so many keys are being written each by itself, further ones are written together. */
const MOST_ALONE = 2;

/**
 * Lets what waits during a commit share the next one: per key one batch is being written, and the items that arrive
 * meanwhile make up the next. Where many keys are busy, what waits for those that are free shares a commit as well. An
 * idle key writes at once, so nothing is delayed on purpose.
 */
export class GroupCommit<Item, Result> {
  private readonly queues = new Map<string, Queue<Item, Result>>();
  /** Keys that are being written, and therefore must not be written a second time. */
  private readonly busy = new Set<string>();
  /** Keys that wait for the next shared write. */
  private readonly gathered = new Set<string>();
  private alone = 0;
  private sharing = false;

  constructor(
    private readonly transactions: Surroundings,
    private readonly write: WriteBatch<Item, Result>,
    private readonly writeSeveral?: WriteSeveral<Item, Result>,
    private readonly idleness: Pick<LoopIdleness, 'share'> = new LoopIdleness(),
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
      queue.waiting.push(waiting);
      return;
    }
    this.queues.set(key, { waiting: [waiting], last: 0 });
    // Not part of the first caller's context: what is begun here outlives it.
    this.transactions.outside(() => this.begin(key));
  }

  /** The key has items and nobody writes them yet. */
  private begin(key: string): void {
    if (this.writeSeveral === undefined || this.alone < MOST_ALONE) {
      this.busy.add(key);
      void this.writeAlone(key, this.take(key));
      return;
    }
    this.gathered.add(key);
    if (!this.sharing) void this.share(this.writeSeveral);
  }

  /** What was being written is; what has come meanwhile is next. */
  private end(key: string): void {
    this.busy.delete(key);
    if (this.queues.get(key)!.waiting.length > 0) this.begin(key);
    else this.queues.delete(key);
  }

  private async writeAlone(key: string, batch: Waiting<Item, Result>[]): Promise<void> {
    this.alone += 1;
    await this.writeTogether(key, batch);
    this.alone -= 1;
    this.end(key);
  }

  /** One such write at a time, so that more gathers meanwhile. It never waits for a key that somebody holds. */
  private async share(writeSeveral: WriteSeveral<Item, Result>): Promise<void> {
    this.sharing = true;
    while (this.gathered.size > 0) {
      const batches = this.takeGathered();
      let outcomes: (Outcome<Result>[] | null)[];
      try {
        outcomes = await writeSeveral(batches.map(({ key, waiting }) => ({ key, items: itemsOf(waiting) })));
      } catch (error) {
        outcomes = batches.map(({ waiting }) => (isUnavailable(error) ? waiting.map(() => ({ error })) : null));
      }
      batches.forEach(({ key, waiting }, index) => {
        const own = outcomes[index]!;
        if (own === null) {
          void this.writeAlone(key, waiting);
          return;
        }
        tellLater(waiting, own);
        this.end(key);
      });
    }
    this.sharing = false;
  }

  private takeGathered(): { key: string; waiting: Waiting<Item, Result>[] }[] {
    const batches = [];
    let left = MAX_BATCH;
    for (const key of this.gathered) {
      if (left <= 0) break;
      this.gathered.delete(key);
      this.busy.add(key);
      const waiting = this.take(key, left);
      left -= waiting.length;
      batches.push({ key, waiting });
    }
    return batches;
  }

  /** The next items of a key; those that have waited too long are refused and not among them. */
  private take(key: string, most = MAX_BATCH): Waiting<Item, Result>[] {
    const latest = performance.now() - MAX_WAIT_MS;
    const queue = this.queues.get(key)!;
    const taken = queue.waiting.splice(0, Math.min(most, this.sizeOfNext(queue)));
    queue.last = taken.length;
    return taken.filter(({ since, settle }) => {
      if (since < latest) settle({ error: serviceUnavailable() });
      return since >= latest;
    });
  }

  /**
   * While this process waits for the database: half of those who wait or were written last. While these are being
   * answered, and ask for more, the others are written; were they all written together, the database would wait for
   * this process, and then this process for the database. Where this process has its hands full it takes all who wait,
   * because what goes out together costs it less.
   */
  private sizeOfNext({ waiting, last }: Queue<Item, Result>): number {
    const half = Math.max(SMALL_BATCH, Math.ceil((waiting.length + last) / 2));
    return waiting.length > half && this.idleness.share() > IDLE_SHARE ? half : waiting.length;
  }

  private async writeTogether(key: string, batch: Waiting<Item, Result>[]): Promise<void> {
    if (batch.length === 0) return;
    try {
      tellLater(batch, await this.write(key, itemsOf(batch)));
    } catch (error) {
      // One bad item must not fail its neighbours. When the database was lost, the batch may have been committed.
      const retry = batch.length > 1 && !isUnavailable(error);
      if (!retry) batch.forEach(({ settle }) => settle({ error }));
      else for (const one of batch) await this.writeTogether(key, [one]);
    }
  }
}

function itemsOf<Item>(batch: { item: Item }[]): Item[] {
  return batch.map(({ item }) => item);
}

/**
 * Answering takes a while, and the database has nothing to do until it has the next batch: that one goes first. And
 * whatever was to be told of this commit has its turn before the answers.
 */
function tellLater<Item, Result>(batch: Waiting<Item, Result>[], outcomes: Outcome<Result>[]): void {
  setImmediate(() => batch.forEach(({ settle }, index) => settle(outcomes[index]!)));
}
