import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { subjects } from '../contestants/roomcast.mjs';
import { cpuSeconds, residentKiB } from '../support/proc.mjs';

const FIRST = 200;
const POLLERS = 2_000;
const PUBLISHES = 100;
const ROOM = 'polled';
const SETTLE_MS = 9_000;
const HOOK = fileURLToPath(new URL('../servers/settle.mjs', import.meta.url));

/** Clients that ask again and again over HTTP: what one of them costs while it waits, and how fast all of them hear. */
export async function runPollers(bench) {
  if (!bench.options.wants('pollers')) return;
  const [channel] = subjects;
  const contestant = { id: 'channel', title: channel.title };
  for (let run = 0; run < bench.options.runs; run++) {
    const target = await channel.start(bench, {
      nodeArgs: ['--expose-gc', `--import=${HOOK}`],
      name: `pollers_${run}`,
    });
    const [pid] = target.pids;
    await target.prepare({ rooms: [ROOM], people: 1 });
    const poller = { ...(await target.poller(ROOM)), after: await target.position(ROOM) };
    await bench.generator.poll({ poller, count: FIRST });
    const before = await settled(pid);
    await bench.generator.poll({ poller, count: POLLERS });
    const kib = ((await settled(pid)) - before) / POLLERS;
    const cpu = cpuSeconds([pid]);
    const { seconds, ...heard } = await bench.generator.hearPolled({
      publisher: target.publisher(ROOM, 0),
      publishes: PUBLISHES,
      messages: PUBLISHES * (FIRST + POLLERS),
    });
    const cpuPerDeliveries = ((cpuSeconds([pid]) - cpu) / heard.messages) * 1e6;
    await bench.generator.end();
    await target.stop();
    bench.results.add('pollers', contestant, {
      kib,
      seconds,
      deliveries: heard.messages / seconds,
      cpuPerDeliveries,
    });
    bench.check('pollers', {
      missing: PUBLISHES * (FIRST + POLLERS) - heard.messages,
      failures: [
        ...heard.failures,
        ...(heard.holes === 0 ? [] : [`${heard.holes} messages were left out`]),
        ...(heard.doubles === 0 ? [] : [`${heard.doubles} messages came twice`]),
      ],
    });
  }
}

/** Resident memory once nothing is left to collect. */
async function settled(pid) {
  process.kill(pid, 'SIGUSR2');
  await sleep(SETTLE_MS);
  process.kill(pid, 'SIGUSR2');
  await sleep(SETTLE_MS / 3);
  return residentKiB(pid);
}
