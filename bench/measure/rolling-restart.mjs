import { setTimeout as sleep } from 'node:timers/promises';
import { subjects } from '../contestants/roomcast.mjs';
import { Balancer } from '../support/balancer.mjs';
import { FarProcess } from '../support/far-process.mjs';
import { askJson } from '../support/http.mjs';
import { openRedis } from '../support/redis.mjs';

const CLIENTS = 2_000;
const ROOM = 'rolling';
/** Ten texts a second are enough to see who missed one, and few enough for 2 000 stock clients in one process. */
const PAUSE_MS = 500;
const SETTLE_MS = 3_000;

/** Two nodes behind a balancer are stopped and replaced one after the other, while stock clients listen and somebody writes. */
export async function runRollingRestart(bench) {
  if (!bench.options.wants('rolling-restart')) return;
  const redisUrl = await openRedis();
  if (redisUrl === null) return bench.say('no Redis here (redis-server or BENCH_REDIS_URL): no rolling restart');
  const [channel] = subjects;
  const target = await channel.start(bench, { redisUrl, nodes: 2, name: 'rolling' });
  await target.prepare({ rooms: [ROOM], people: CLIENTS });
  const balancer = await Balancer.start();
  for (const [place, node] of target.server.nodes.entries()) await balancer.set(place, node);
  const clients = new FarProcess('the stock clients', new URL('../generator/stock-clients.mjs', import.meta.url));
  const people = Array.from({ length: CLIENTS }, (_, person) => target.credentials(ROOM, person));
  await clients.ask('connect', { url: `http://127.0.0.1:${balancer.port}`, room: target.roomName(ROOM), people });

  const writer = write(target, balancer);
  for (const [place, title] of ['first node', 'second node'].entries()) {
    await sleep(SETTLE_MS);
    const { now } = await clients.ask('watch');
    await target.server.nodes[place].stop();
    const result = await clients.ask('back', { head: await target.position(ROOM), since: now });
    report(bench, { id: place === 0 ? 'before' : 'after', title }, result);
    // Not earlier: on another machine it would not take the others' time.
    await balancer.set(place, await target.server.replace(place));
  }
  const { acknowledged, failures } = await writer.stop();
  const lost = acknowledged - (await target.position(ROOM));
  bench.check('rolling-restart, the writer', { failures: [...failures, ...(lost > 0 ? [`${lost} texts lost`] : [])] });
  await clients.stop();
  await balancer.stop();
  await target.stop();
}

function report(bench, node, { away, seconds, longest, busiest, missing, wrong, refused }) {
  bench.results.add('rolling-restart', node, { clients: away, seconds, longest, busiest });
  bench.check(`rolling-restart, ${node.title}`, {
    failures: [
      ...(missing === 0 ? [] : [`${missing} clients did not come back to where the room was`]),
      ...(wrong === 0 ? [] : [`${wrong} events came twice or not at all`]),
      ...(refused === 0 ? [] : [`${refused} refusals`]),
    ],
  });
}

/** Publishes until it is stopped, again when a node did not take it. */
function write(target, { port }) {
  const said = { acknowledged: 0, failures: [] };
  let running = true;
  const path = target.publishPath(ROOM);
  const { token } = target.server.person(0);
  const writing = (async () => {
    for (; running; await sleep(PAUSE_MS)) {
      try {
        await askJson({ host: '127.0.0.1', port }, 'POST', path, { token, body: target.body('rolling') });
        said.acknowledged += 1;
      } catch (error) {
        // A node that leaves may say so, or have closed the connection that the request was sent on.
        if (/ answered (?!503)/.test(error.message)) said.failures.push(error.message);
      }
    }
  })();
  return {
    async stop() {
      running = false;
      await writing;
      return said;
    },
  };
}
