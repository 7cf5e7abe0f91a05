import { AsyncLocalStorage } from 'node:async_hooks';
import { promiseHooks } from 'node:v8';

/** Takes a value along from the code that sets it to everything which that code awaits. */
export interface ContextCarrier<Value> {
  getStore(): Value | undefined;
  /** Runs `work`, and everything it starts, with this value. */
  run<T>(value: Value, work: () => T): T;
}

/** From here on Node carries contexts inside V8, which costs next to nothing. */
const CARRIED_BY_V8 = 24;

/** The cheapest way that this Node has. */
export function contextCarrier<Value>(): ContextCarrier<Value> {
  return Number.parseInt(process.versions.node, 10) >= CARRIED_BY_V8 ? new AsyncLocalStorage() : new PromiseCarrier();
}

/**
 * Carries the value along promises alone. `AsyncLocalStorage` of the Nodes before follows everything that may call back,
 * and takes a fifth of a busy server's time for it. What is given a plain callback (a timer, an emitter) runs it without
 * the value; whoever awaits it has the value again.
 */
export class PromiseCarrier<Value> implements ContextCarrier<Value> {
  private current: Value | undefined;
  /** What was current around each promise job that runs; they hardly ever nest. */
  private readonly around: (Value | undefined)[] = [];

  constructor() {
    const carried = Symbol('context');
    type Carrying = Promise<unknown> & { [carried]?: Value };
    promiseHooks.createHook({
      init: (promise: Carrying) => {
        if (this.current !== undefined) promise[carried] = this.current;
      },
      before: (promise: Carrying) => {
        this.around.push(this.current);
        this.current = promise[carried];
      },
      after: () => {
        this.current = this.around.pop();
      },
    });
  }

  getStore(): Value | undefined {
    return this.current;
  }

  run<T>(value: Value, work: () => T): T {
    const before = this.current;
    this.current = value;
    try {
      return work();
    } finally {
      this.current = before;
    }
  }
}
