import { AsyncLocalStorage } from 'node:async_hooks';

type Slots = Readonly<Record<symbol, unknown>>;

/** One storage for all slots: every further one would cost time with each promise that is made. */
const storage = new AsyncLocalStorage<Slots>();

/** Something that code finds however deep it runs, because the code around it has put it there. */
export class ContextSlot<Value> {
  private readonly key: symbol;

  constructor(name: string) {
    this.key = Symbol(name);
  }

  get(): Value | undefined {
    return storage.getStore()?.[this.key] as Value | undefined;
  }

  /** Runs `work`, and everything it starts, with this value; undefined for none. */
  run<T>(value: Value | undefined, work: () => T): T {
    return storage.run({ ...storage.getStore(), [this.key]: value }, work);
  }
}
