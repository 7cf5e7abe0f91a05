import type { Transactions } from './transactions.js';

/** What the lookup needs to know of transactions. */
type Surroundings = Pick<Transactions, 'active' | 'outside'>;

interface Round<Key, Found> {
  keys: Key[];
  answers: Promise<Found[]>;
}

/**
 * Asks the database once for all who want to know something in the same turn of the event loop. It asks after the last of
 * them came, so what they are told is as fresh as if each had asked alone.
 */
export class SharedLookup<Key, Found> {
  private round: Round<Key, Found> | null = null;

  /** @param findAll gives one answer for each key, in their order; the same key may come more than once. */
  constructor(
    private readonly transactions: Surroundings,
    private readonly findAll: (keys: Key[]) => Promise<Found[]>,
  ) {}

  async find(key: Key): Promise<Found> {
    // Inside a transaction the database is asked with its manager only: this then fails, and fails nobody else.
    if (this.transactions.active) return (await this.findAll([key]))[0]!;
    const { keys, answers } = (this.round ??= this.transactions.outside(() => this.begin()));
    const place = keys.push(key) - 1;
    return (await answers)[place]!;
  }

  private begin(): Round<Key, Found> {
    const keys: Key[] = [];
    const turn = new Promise((resolve) => setImmediate(resolve));
    const answers = turn.then(() => {
      this.round = null;
      return this.findAll(keys);
    });
    return { keys, answers };
  }
}
