import { contextCarrier } from './context-carrier.js';

/** What one slot holds, before what the others hold; each slot is there once at most. */
interface Entry {
  slot: ContextSlot<unknown>;
  value: unknown;
  others: Entry | undefined;
}

/** One carrier for all slots: every further one would cost time with each promise that is made. */
const carrier = contextCarrier<Entry>();

/**
 * Something that code finds however deep it runs, because the code around it has put it there. It comes along with
 * whatever is awaited; what a timer or an emitter calls back by itself may run without it.
 */
export class ContextSlot<Value> {
  get(): Value | undefined {
    for (let entry = carrier.getStore(); entry; entry = entry.others) {
      if (entry.slot === this) return entry.value as Value | undefined;
    }
    return undefined;
  }

  /** Runs `work`, and everything it starts, with this value; undefined for none. */
  run<T>(value: Value | undefined, work: () => T): T {
    return carrier.run({ slot: this, value, others: this.othersOf(carrier.getStore()) }, work);
  }

  private othersOf(entry: Entry | undefined): Entry | undefined {
    if (entry === undefined) return undefined;
    if (entry.slot === this) return entry.others;
    const others = this.othersOf(entry.others);
    return others === entry.others ? entry : { ...entry, others };
  }
}
