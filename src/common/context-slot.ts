import { contextCarrier } from './context-carrier.js';

type Slots = Readonly<Record<symbol, unknown>>;

/** One carrier for all slots: every further one would cost time with each promise that is made. */
const carrier = contextCarrier<Slots>();

/**
 * Something that code finds however deep it runs, because the code around it has put it there. It comes along with
 * whatever is awaited; what a timer or an emitter calls back by itself may run without it.
 */
export class ContextSlot<Value> {
  private readonly key: symbol;

  constructor(name: string) {
    this.key = Symbol(name);
  }

  get(): Value | undefined {
    return carrier.getStore()?.[this.key] as Value | undefined;
  }

  /** Runs `work`, and everything it starts, with this value; undefined for none. */
  run<T>(value: Value | undefined, work: () => T): T {
    return carrier.run({ ...carrier.getStore(), [this.key]: value }, work);
  }
}
