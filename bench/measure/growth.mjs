import { subjects } from '../contestants/roomcast.mjs';
import { withClient } from '../support/postgres.mjs';
import { openRedis } from '../support/redis.mjs';
import { catchUp } from './catch-up.mjs';
import { applyLoad } from './scenes.mjs';

const OLD_STREAMS = 1_000;
const PUBLISHERS = 32;
const MANY_PARTICIPANTS = 10_000;
const [channel, chat] = subjects;

/** Roomcast against itself: an empty log and a grown one. */
export async function runGrownLog(bench) {
  const rows = ['growth-publish', 'growth-catch-up'].filter((row) => bench.options.wants(row));
  if (rows.length === 0) return;
  const { oldEvents, runs } = bench.options;
  const million = `${oldEvents / 1e6} million old events`;
  const sides = [
    { id: 'before', title: 'empty log', target: await channel.start(bench, { name: 'empty_log' }) },
    { id: 'after', title: million, target: await channel.start(bench, { name: 'grown_log' }) },
  ];
  for (const { target } of sides) await target.prepare({ rooms: ['grown'], people: PUBLISHERS });
  bench.say(`writing ${million}`);
  await growLog(sides[1].target.server.databaseUrl, oldEvents);
  for (let run = 0; run < runs; run++) {
    for (const side of bench.turns(sides, run)) {
      if (rows.includes('growth-publish')) await publishInto(bench, 'growth-publish', side, 'grown');
      if (!rows.includes('growth-catch-up')) continue;
      const { seconds, missing } = await catchUp(bench, side.target, 'grown');
      bench.results.add('growth-catch-up', side, { seconds });
      bench.check(`growth-catch-up, ${side.title}`, { missing });
    }
  }
  for (const { target } of sides) await target.stop();
}

/** A tenth of the old events belongs to the stream that is measured, the rest to a thousand others. */
async function growLog(url, count) {
  const own = Math.floor(count / 10);
  const others = Math.floor((count - own) / OLD_STREAMS);
  const event = `'custom', 'message', '/channels/old', NULL,
    '{"room":null,"action":"custom","author":{"member":1},"metadata":{"type":"message"},"payload":{"text":"${'old '.repeat(32)}"}}',
    '{"member":1}', NULL, true, 0`;
  await withClient(url, async (client) => {
    const { rows } = await client.query(`SELECT 'channels/' || id AS stream FROM channels WHERE name = 'grown'`);
    const { stream } = rows[0];
    await client.query(`INSERT INTO streams SELECT 'old/' || n, $1 FROM generate_series(1, $2::int) AS n`, [
      others,
      OLD_STREAMS,
    ]);
    await client.query(
      `INSERT INTO streams VALUES ($1, $2)
       ON CONFLICT (name) DO UPDATE SET last_seq = streams.last_seq + excluded.last_seq`,
      [stream, own],
    );
    const columns = 'stream, seq, created_at, action, type, path, room, resource, author, request_id, numbered, fence';
    await client.query(
      `INSERT INTO events (${columns}) SELECT $1, seq, now(), ${event} FROM generate_series(1, $2::int) AS seq`,
      [stream, own],
    );
    await client.query(
      `INSERT INTO events (${columns}) SELECT 'old/' || n, seq, now(), ${event}
       FROM generate_series(1, $1::int) AS seq, generate_series(1, $2::int) AS n`,
      [others, OLD_STREAMS],
    );
    await client.query('VACUUM ANALYZE events');
    await client.query('VACUUM ANALYZE streams');
    await client.query('CHECKPOINT');
  });
}

/** Roomcast against itself: a chat room of 32 people and one of ten thousand. */
export async function runLargeRoom(bench) {
  if (!bench.options.full || !bench.options.wants('growth-participants')) return;
  const target = await chat.start(bench, { name: 'large_room' });
  bench.say(`filling a room with ${MANY_PARTICIPANTS} people`);
  await target.prepare({ rooms: ['small'], people: PUBLISHERS, subscribers: 1 });
  await target.prepare({ rooms: ['large'], people: MANY_PARTICIPANTS, subscribers: 1 });
  const sides = [
    { id: 'before', title: `${PUBLISHERS} participants`, target, room: 'small' },
    { id: 'after', title: `${MANY_PARTICIPANTS} participants`, target, room: 'large' },
  ];
  for (let run = 0; run < bench.options.runs; run++) {
    for (const side of bench.turns(sides, run)) await publishInto(bench, 'growth-participants', side, side.room);
  }
  await target.stop();
}

/** Roomcast against itself: one node and two, both with Redis. */
export async function runNodes(bench) {
  const rows = ['nodes-publish', 'nodes-fanout'].filter((row) => bench.options.wants(row));
  if (rows.length === 0) return;
  const redisUrl = await openRedis();
  if (redisUrl === null) return bench.say('no Redis here (redis-server or BENCH_REDIS_URL): two nodes are left out');
  const sides = [];
  for (const [id, nodes] of [
    ['before', 1],
    ['after', 2],
  ]) {
    const target = await channel.start(bench, { redisUrl, nodes, name: `nodes_${nodes}` });
    sides.push({ id, title: nodes === 1 ? '1 node' : '2 nodes', target });
  }
  for (let run = 0; run < bench.options.runs; run++) {
    for (const side of bench.turns(sides, run)) {
      for (const row of rows) await publishInto(bench, row, side, row, row === 'nodes-fanout' ? 1_000 : 2);
    }
  }
  for (const { target } of sides) await target.stop();
}

async function publishInto(bench, row, side, room, subscribers = 1) {
  const { target } = side;
  await target.prepare({ rooms: [room], people: Math.max(PUBLISHERS, subscribers), subscribers });
  await bench.generator.subscribe(Array.from({ length: subscribers }, (_, person) => target.subscriber(room, person)));
  const result = await applyLoad(bench, target, { rooms: [room], publishers: PUBLISHERS, copies: subscribers });
  await bench.generator.end();
  bench.results.add(row, side, {
    publishes: result.publishesPerSecond,
    deliveries: result.deliveriesPerSecond,
    generatorShare: result.generatorShare,
  });
  bench.check(`${row}, ${side.title}`, result);
}
