const CLIENTS = 1_000;
const MISSED = 50;
const CONCURRENCY = 250;
/** The room of the thousand subscribers: who may be in it has been prepared already. */
const ROOM = 'thousand-0';

/** A thousand clients come back at once, each with the number of the last event it saw. */
export async function runCatchUp(bench, run) {
  if (!bench.options.wants('catch-up')) return;
  const resumable = bench.contestants.filter(({ id }) => ['by-hand', 'channel', 'chat'].includes(id));
  for (const contestant of bench.turns(resumable, run)) {
    const { seconds, missing } = await catchUp(bench, await bench.target(contestant), ROOM);
    bench.results.add('catch-up', contestant, { seconds });
    bench.check(`catch-up, ${contestant.title}`, { missing });
  }
}

export async function catchUp(bench, target, room, clients = CLIENTS) {
  await target.prepare({ rooms: [room], people: clients });
  const publisher = target.publisher(room, 0);
  await publish(publisher);
  const after = await target.position(room);
  for (let number = 0; number < MISSED; number++) await publish(publisher);
  const subscriptions = Array.from({ length: clients }, (_, person) => target.subscriber(room, person, { after }));
  const result = await bench.generator.catchUp(subscriptions, CONCURRENCY, clients * MISSED);
  await bench.generator.end();
  return result;
}

/** One publish, without the load generator: the request as text, sent with `fetch`. */
async function publish({ host, port, request }) {
  const [head, body] = request.split('\r\n\r\n');
  const [first, ...headers] = head.split('\r\n');
  const own = headers.map((line) => line.split(': ')).filter(([name]) => /^(content-type|authorization)$/i.test(name));
  const response = await fetch(`http://${host}:${port}${first.split(' ')[1]}`, {
    method: 'POST',
    headers: Object.fromEntries(own),
    body,
  });
  if (!response.ok) throw new Error(`A publish before the catch-up answered ${response.status}`);
  await response.arrayBuffer();
}
