import { FarProcess } from './far-process.mjs';

/** The bench's hand in the load generator's process. */
export class LoadGenerator extends FarProcess {
  constructor() {
    super('the load generator', new URL('../generator/main.mjs', import.meta.url));
  }

  subscribe(subscriptions, concurrency = 100) {
    return this.ask('subscribe', { subscriptions, concurrency });
  }

  load(options) {
    return this.ask('load', options);
  }

  stick(subscriptions) {
    return this.ask('stick', { subscriptions });
  }

  unstick(head) {
    return this.ask('unstick', { head });
  }

  listen(ms) {
    return this.ask('listen', { ms });
  }

  catchUp(subscriptions, concurrency, frames) {
    return this.ask('catchUp', { subscriptions, concurrency, frames });
  }

  poll(options) {
    return this.ask('poll', options);
  }

  hearPolled(options) {
    return this.ask('hearPolled', options);
  }

  /** Lets all subscribers go. */
  end() {
    return this.ask('end');
  }
}
