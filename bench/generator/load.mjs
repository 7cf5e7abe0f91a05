import { setTimeout as sleep } from 'node:timers/promises';
import { cpuSeconds, familyCpuSeconds } from '../support/proc.mjs';
import { Publisher } from './publisher.mjs';
import { received } from './subscriber.mjs';

const DRAIN_LIMIT_MS = 20_000;
const PACE_MS = 5;

/**
 * Publishes for a while and tells what became of it. Without `rate` every publisher asks again as soon as it is answered;
 * with it, they share that many publishes per second however long the answers take.
 */
export async function load({ publishers, rate, warmUpMs, ms, copies, watch, aged, subscribers }) {
  const state = { running: true, acks: 0, times: [], failures: [] };
  const onReply = (publisher, took) => {
    state.acks += 1;
    if (state.measuring) state.times.push(took);
    if (state.running && rate === undefined) publisher.publish();
  };
  const onFailure = (why) => {
    state.failures.push(why);
    if (state.failures.length > 20) state.running = false;
  };
  const all = publishers.map((target) => new Publisher(target, onReply, onFailure));
  await Promise.all(all.map(({ ready }) => ready));
  const before = { ...received };
  // All of them, unless a few are enough.
  const watched = rate === undefined ? [] : subscribers.slice(0, aged);
  for (const subscriber of watched) subscriber.measureAges(true);
  const pace = rate === undefined ? null : paced(all, rate, state);
  if (rate === undefined) for (const publisher of all) publisher.publish();

  await sleep(warmUpMs);
  const start = sample(state, watch);
  state.measuring = true;
  received.ages = rate === undefined ? null : [];
  await sleep(ms);
  const end = sample(state, watch);
  state.measuring = false;
  const { ages } = received;
  state.running = false;
  pace?.stop();

  await settled(() => all.every(({ busy }) => !busy) || state.failures.length > 0);
  const missing = () => state.acks * copies - (received.frames - before.frames);
  await settled(() => missing() <= 0);
  for (const subscriber of watched) subscriber.measureAges(false);
  for (const publisher of all) publisher.end();
  return {
    ...summary(start, end),
    ackMs: percentiles(state.times),
    ageMs: ages === null ? null : percentiles(ages),
    missing: missing(),
    closed: received.closed - before.closed,
    failures: state.failures.slice(0, 3),
  };
}

function sample(state, { server, database }) {
  return {
    at: performance.now(),
    acks: state.acks,
    frames: received.frames,
    server: cpuSeconds(server),
    database: database === null ? null : familyCpuSeconds(database),
    generator: process.cpuUsage(),
  };
}

function summary(start, end) {
  const seconds = (end.at - start.at) / 1000;
  const acks = end.acks - start.acks;
  const frames = end.frames - start.frames;
  const serverMs = (end.server - start.server) * 1000;
  const generatorMicros = end.generator.user + end.generator.system - start.generator.user - start.generator.system;
  const databaseMs = end.database === null ? null : (end.database - start.database) * 1000;
  return {
    publishesPerSecond: acks / seconds,
    deliveriesPerSecond: frames / seconds,
    serverMsPerThousandPublishes: (serverMs / acks) * 1000,
    serverMsPerThousandDeliveries: (serverMs / frames) * 1000,
    databaseMsPerThousandPublishes: databaseMs === null ? null : (databaseMs / acks) * 1000,
    serverShare: serverMs / 1000 / seconds,
    generatorShare: generatorMicros / 1e6 / seconds,
  };
}

/** Spreads the publishes evenly. One that finds all publishers busy waits for the first that is free. */
function paced(all, rate, state) {
  const began = performance.now();
  let sent = 0;
  const timer = setInterval(() => {
    const due = Math.floor(((performance.now() - began) / 1000) * rate);
    while (state.running && sent < due) {
      const free = all.find(({ busy }) => !busy);
      if (free === undefined) return;
      free.publish();
      sent += 1;
    }
  }, PACE_MS);
  return { stop: () => clearInterval(timer) };
}

async function settled(done) {
  const limit = performance.now() + DRAIN_LIMIT_MS;
  while (!done() && performance.now() < limit) await sleep(10);
}

function percentiles(values) {
  const sorted = Float64Array.from(values).sort();
  const at = (share) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? null;
  return { p50: at(0.5), p99: at(0.99), count: sorted.length };
}
