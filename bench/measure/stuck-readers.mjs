import { setTimeout as sleep } from 'node:timers/promises';
import { subjects } from '../contestants/roomcast.mjs';
import { residentKiB } from '../support/proc.mjs';
import { applyLoad } from './scenes.mjs';

const SUBSCRIBERS = 1_000;
const STUCK = 100;
const RATE = 2_000;
const PUBLISHERS = 128;
/** Until the kernel has no more room for what stuck readers do not take, and the server gives up on them. */
const AT_LEAST_MS = 25_000;
/** Looking into every frame for its age would be most of the generator's work; this many readers are a fair sample. */
const AGED = 30;
const ROOM = 'stuck';

/** Roomcast against itself: a busy room without and with a hundred people in it who do not read their sockets. */
export async function runStuckReaders(bench) {
  if (!bench.options.wants('stuck-readers')) return;
  const [channel] = subjects;
  const sides = [
    { id: 'before', title: 'nobody stuck', stuck: 0 },
    { id: 'after', title: `${STUCK} of them stuck`, stuck: STUCK },
  ];
  for (const side of sides) {
    side.target = await channel.start(bench, { name: `stuck_${side.stuck}` });
    await side.target.prepare({ rooms: [ROOM], people: SUBSCRIBERS });
  }
  for (let run = 0; run < bench.options.runs; run++) {
    for (const side of bench.turns(sides, run)) await measure(bench, side);
  }
  for (const { target } of sides) await target.stop();
}

async function measure(bench, side) {
  const { target, stuck } = side;
  const people = Array.from({ length: SUBSCRIBERS }, (_, person) => target.subscriber(ROOM, person));
  const readers = SUBSCRIBERS - stuck;
  await bench.generator.subscribe(people.slice(0, readers));
  const cutsBefore = await cuts(target);
  if (stuck > 0) await bench.generator.stick(people.slice(readers));
  const memory = watchMemory(target.pids[0]);
  const result = await applyLoad(bench, target, {
    rooms: [ROOM],
    publishers: PUBLISHERS,
    rate: RATE,
    copies: readers,
    ms: Math.max(bench.options.ms, AT_LEAST_MS),
    aged: AGED,
  });
  const peakMiB = memory.stop() / 1024;
  const failures = stuck > 0 ? await returned(bench, target, (await cuts(target)) - cutsBefore) : [];
  await bench.generator.end();
  bench.results.add('stuck-readers', side, {
    publishes: result.publishesPerSecond,
    deliveries: result.deliveriesPerSecond,
    ageP50: result.ageMs.p50,
    ageP99: result.ageMs.p99,
    mib: peakMiB,
    generatorShare: result.generatorShare,
  });
  bench.check(`stuck-readers, ${side.title}`, { ...result, failures: [...result.failures, ...failures] });
}

/** All of them were cut off in a way after which one comes back, and then miss and repeat nothing. */
async function returned(bench, target, cut) {
  const back = await bench.generator.unstick(await target.position(ROOM));
  return [
    ...(cut === STUCK ? [] : [`${STUCK - cut} stuck readers were not cut off`]),
    ...(back.sentAway === 0 ? [] : [`${back.sentAway} stuck readers were told to stay away`]),
    ...(back.behind === 0 ? [] : [`${back.behind} stuck readers did not catch up`]),
    ...(back.holes === 0 ? [] : [`${back.holes} events never came to stuck readers`]),
    ...(back.doubles === 0 ? [] : [`${back.doubles} events came twice to stuck readers`]),
  ];
}

async function cuts(target) {
  const { host, port } = target.server.node(0);
  const text = await (await fetch(`http://${host}:${port}/metrics`)).text();
  return Number(/^roomcast_slow_cuts_total (\d+)/m.exec(text)?.[1] ?? 0);
}

/** The largest resident size while it runs, in KiB. */
function watchMemory(pid) {
  let peak = 0;
  let running = true;
  const look = async () => {
    while (running) {
      peak = Math.max(peak, residentKiB(pid));
      await sleep(100);
    }
  };
  void look();
  return {
    stop() {
      running = false;
      return peak;
    },
  };
}
