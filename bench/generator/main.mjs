/** The load generator: a process of its own that does what the bench tells it and reports what it saw. */
import { setTimeout as sleep } from 'node:timers/promises';
import { load } from './load.mjs';
import { polled, Poller } from './poller.mjs';
import { Publisher } from './publisher.mjs';
import { StuckReader } from './stuck-reader.mjs';
import { received, Subscriber } from './subscriber.mjs';

const CATCH_UP_LIMIT_MS = 60_000;
let subscribers = [];
let stuck = [];
let pollers = [];

const commands = {
  async subscribe({ subscriptions, concurrency }) {
    subscribers.push(...(await connectAll(subscriptions, concurrency)));
    return { subscribers: subscribers.length };
  },

  load: (options) => load({ ...options, subscribers }),

  /** Clients that join and then stop reading. */
  async stick({ subscriptions }) {
    stuck = subscriptions.map((subscription) => new StuckReader(subscription));
    for (const reader of stuck) {
      await reader.open();
      reader.stick();
    }
  },

  /** They read on, come back, and tell whether they have everything up to `head`. */
  async unstick({ head }) {
    const limit = new Promise((resolve) => setTimeout(resolve, CATCH_UP_LIMIT_MS).unref());
    await Promise.race([Promise.all(stuck.map((reader) => reader.catchUp(head))), limit]);
    const sum = (count) => stuck.reduce((total, reader) => total + Number(count(reader)), 0);
    return {
      behind: sum(({ last }) => last < head),
      holes: sum(({ holes }) => holes),
      doubles: sum(({ doubles }) => doubles),
      sentAway: sum(({ sentAway }) => sentAway),
    };
  },

  /** Counts what comes in by itself. */
  async listen({ ms }) {
    const before = { ...received };
    const cpu = process.cpuUsage();
    const start = performance.now();
    await sleep(ms);
    const seconds = (performance.now() - start) / 1000;
    const { user, system } = process.cpuUsage(cpu);
    return {
      deliveriesPerSecond: (received.frames - before.frames) / seconds,
      megabytesPerSecond: (received.bytes - before.bytes) / seconds / 1e6,
      generatorShare: (user + system) / 1e6 / seconds,
    };
  },

  /** Connects clients that return, and tells how long it took until all had what they missed. */
  async catchUp({ subscriptions, concurrency, frames }) {
    const before = received.frames;
    const start = performance.now();
    const connecting = connectAll(subscriptions, concurrency);
    subscribers.push(...(await connecting));
    while (received.frames - before < frames && performance.now() - start < CATCH_UP_LIMIT_MS) await sleep(1);
    return { seconds: (performance.now() - start) / 1000, missing: frames - (received.frames - before) };
  },

  /** Clients that poll one channel, each in turn so that none of them is refused a connection. */
  async poll({ poller, count }) {
    for (let number = 0; number < count; number++) {
      const next = new Poller(poller);
      await next.ready;
      next.poll();
      pollers.push(next);
    }
  },

  /** Publishes one after the other, and tells how long it took until all pollers had everything. */
  async hearPolled({ publisher, publishes, messages }) {
    Object.assign(polled, { messages: 0, holes: 0, doubles: 0, failures: [] });
    const start = performance.now();
    await publishOneByOne(publisher, publishes);
    while (polled.messages < messages && performance.now() - start < CATCH_UP_LIMIT_MS) await sleep(1);
    const { failures, ...heard } = polled;
    return { seconds: (performance.now() - start) / 1000, ...heard, failures: failures.slice(0, 3) };
  },

  async end() {
    for (const subscriber of subscribers) subscriber.end();
    for (const reader of stuck) reader.end();
    for (const poller of pollers) poller.end();
    subscribers = [];
    stuck = [];
    pollers = [];
    // Lets the server see that they are gone.
    await sleep(200);
  },
};

async function publishOneByOne(target, count) {
  let left = count;
  await new Promise((resolve, reject) => {
    const publisher = new Publisher(
      target,
      () => {
        left -= 1;
        if (left > 0) return publisher.publish();
        publisher.end();
        resolve();
      },
      (why) => reject(new Error(why)),
    );
    publisher.ready.then(() => publisher.publish(), reject);
  });
}

async function connectAll(subscriptions, concurrency) {
  const waiting = [...subscriptions].reverse();
  const connected = [];
  const one = async () => {
    for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
      const subscriber = new Subscriber(next);
      connected.push(subscriber);
      await subscriber.ready;
    }
  };
  await Promise.all(Array.from({ length: concurrency }, one));
  return connected;
}

process.on('message', ({ id, command, options }) => {
  commands[command](options).then(
    (result) => process.send({ id, result }),
    (error) => process.send({ id, error: error.stack }),
  );
});
process.on('disconnect', () => process.exit(0));
