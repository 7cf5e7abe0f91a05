import { profiled } from './profile.mjs';

/** Everything that publishes into rooms which somebody listens to: who is there, and the loads that are tried on them. */
const rooms = (name, count) => Array.from({ length: count }, (_, number) => `${name}-${number}`);

const SCENES = [
  {
    rooms: rooms('single', 1),
    subscribers: 1,
    loads: [
      { row: 'publish-1', publishers: 1 },
      { row: 'publish-8', publishers: 8 },
      { row: 'publish-32', publishers: 32 },
      { row: 'latency', publishers: 32, rate: 200, atLeastMs: 3_000 },
    ],
  },
  { rooms: rooms('many', 32), subscribers: 32, loads: [{ row: 'publish-32-rooms', publishers: 32 }] },
  { rooms: rooms('hundred', 1), subscribers: 100, loads: [{ row: 'fanout-100', publishers: 32 }] },
  {
    rooms: rooms('thousand', 1),
    subscribers: 1_000,
    loads: [
      { row: 'fanout-1000', publishers: 32 },
      { row: 'fanout-1000-one-publisher', publishers: 1 },
    ],
  },
];

/** One run through all scenes; the contestants take turns within each. */
export async function runScenes(bench, run) {
  const { options, contestants } = bench;
  for (const scene of SCENES) {
    const loads = scene.loads.filter(({ row }) => options.wants(row));
    if (loads.length === 0) continue;
    for (const contestant of bench.turns(contestants, run)) {
      const own = loads.filter(({ row }) => contestant.only?.includes(row) ?? true);
      if (own.length === 0) continue;
      const target = await bench.target(contestant);
      await enter(bench, target, scene);
      for (const wanted of own) await measure(bench, contestant, target, scene, wanted);
      await bench.generator.end();
    }
  }
}

async function enter(bench, target, { rooms: names, subscribers }) {
  const people = Math.max(32, subscribers);
  const perRoom = subscribers / names.length;
  await target.prepare({ rooms: names, people, subscribers: perRoom });
  const subscriptions = names.flatMap((room) =>
    Array.from({ length: perRoom }, (_, person) => target.subscriber(room, person)),
  );
  await bench.generator.subscribe(subscriptions);
}

async function measure(bench, contestant, target, scene, { row, publishers, rate, atLeastMs = 0 }) {
  const load = {
    rooms: scene.rooms,
    publishers,
    rate,
    copies: scene.subscribers / scene.rooms.length,
    ms: Math.max(bench.options.ms, atLeastMs),
  };
  const result = await profiled(bench, contestant, target, row, () => applyLoad(bench, target, load));
  bench.results.add(row, contestant, {
    publishes: result.publishesPerSecond,
    deliveries: result.deliveriesPerSecond,
    ackP50: result.ackMs.p50,
    ackP99: result.ackMs.p99,
    ageP50: result.ageMs?.p50 ?? null,
    ageP99: result.ageMs?.p99 ?? null,
    cpuPerPublishes: result.serverMsPerThousandPublishes,
    cpuPerDeliveries: result.serverMsPerThousandDeliveries,
    databaseCpu: result.databaseMsPerThousandPublishes,
    generatorShare: result.generatorShare,
  });
  bench.check(`${row}, ${contestant.title}`, result);
}

/** Publishes with that many publishers, spread over the rooms. */
export function applyLoad(bench, target, { rooms: names, publishers, rate, copies, aged, ms = bench.options.ms }) {
  return bench.generator.load({
    publishers: Array.from({ length: publishers }, (_, number) =>
      target.publisher(names[number % names.length], number),
    ),
    rate,
    copies,
    aged,
    ms,
    warmUpMs: bench.options.warmUpMs,
    watch: { server: target.pids, database: bench.postgres.pid },
  });
}
