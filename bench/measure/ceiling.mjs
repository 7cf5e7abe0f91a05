import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { publishRequest } from '../support/http.mjs';
import { startServer } from '../support/processes.mjs';

const SERVERS = fileURLToPath(new URL('../servers/', import.meta.url));
const READERS = 1_000;
const CEILING = { id: 'generator', title: 'load generator' };

/** What the load generator itself can do, against servers that do next to nothing: no contestant may come near. */
export async function runCeiling(bench) {
  if (bench.options.wants('ceiling-publish')) await publishes(bench);
  if (bench.options.wants('ceiling-deliveries')) await deliveries(bench);
}

async function publishes(bench) {
  const server = await startServer(join(SERVERS, 'echo.mjs'));
  const { host, port } = server;
  const target = publishRequest({ host, port, path: '/', body: (text) => ({ text }) });
  const result = await bench.generator.load({
    publishers: Array.from({ length: 32 }, () => target),
    copies: 0,
    ms: bench.options.ms,
    warmUpMs: bench.options.warmUpMs,
    watch: { server: [server.pid], database: null },
  });
  bench.results.add('ceiling-publish', CEILING, {
    publishes: result.publishesPerSecond,
    generatorShare: result.generatorShare,
  });
  await server.stop();
}

async function deliveries(bench) {
  const server = await startServer(join(SERVERS, 'firehose.mjs'));
  const { host, port } = server;
  await bench.generator.subscribe(Array.from({ length: READERS }, () => ({ host, port, path: '/', steps: [] })));
  await bench.generator.listen(bench.options.warmUpMs);
  const result = await bench.generator.listen(bench.options.ms);
  bench.results.add('ceiling-deliveries', CEILING, {
    deliveries: result.deliveriesPerSecond,
    generatorShare: result.generatorShare,
  });
  await bench.generator.end();
  await server.stop();
}
