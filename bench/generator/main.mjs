/** The load generator: a process of its own that does what the bench tells it and reports what it saw. */
import { setTimeout as sleep } from 'node:timers/promises';
import { load } from './load.mjs';
import { StuckReader } from './stuck-reader.mjs';
import { received, Subscriber } from './subscriber.mjs';

const CATCH_UP_LIMIT_MS = 60_000;
let subscribers = [];
let stuck = [];

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

  async end() {
    for (const subscriber of subscribers) subscriber.end();
    for (const reader of stuck) reader.end();
    subscribers = [];
    stuck = [];
    // Lets the server see that they are gone.
    await sleep(200);
  },
};

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
