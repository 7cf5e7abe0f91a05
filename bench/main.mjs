/** `npm run bench`: starts everything, measures row after row, ends everything and writes what came out. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { availableParallelism, cpus } from 'node:os';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { format, resolveConfig } from 'prettier';
import { comparisons } from './contestants/comparisons.mjs';
import { subjects } from './contestants/roomcast.mjs';
import { runCatchUp } from './measure/catch-up.mjs';
import { runCeiling } from './measure/ceiling.mjs';
import { runGrownLog, runLargeRoom, runNodes } from './measure/growth.mjs';
import { runMemory } from './measure/memory.mjs';
import { runPollers } from './measure/pollers.mjs';
import { runRollingRestart } from './measure/rolling-restart.mjs';
import { runScenes } from './measure/scenes.mjs';
import { runStuckReaders } from './measure/stuck-readers.mjs';
import { readOptions } from './options.mjs';
import { markdown } from './report/markdown.mjs';
import { Results } from './report/results.mjs';
import { ROWS } from './report/rows.mjs';
import { LoadGenerator } from './support/load-generator.mjs';
import { openPostgres } from './support/postgres.mjs';
import { endAll } from './support/processes.mjs';
import { makeRunFolder, PROJECT } from './support/run-folder.mjs';

const RESULTS = fileURLToPath(new URL('RESULTS.md', import.meta.url));
const began = Date.now();

async function main() {
  const options = readOptions(process.argv.slice(2));
  if (options.list) {
    for (const [row, text] of Object.entries(ROWS)) process.stdout.write(`${row.padEnd(26)} ${text}\n`);
    return;
  }
  if (!Object.keys(ROWS).some(options.wants)) throw new Error('No row has a name that begins so; see --list');
  if (options.profile !== undefined) mkdirSync(options.profile, { recursive: true });
  const bench = await prepare(options);
  for (let run = 0; run < options.runs; run++) {
    say(`run ${run + 1} of ${options.runs}`);
    await runCeiling(bench);
    await runScenes(bench, run);
    await runCatchUp(bench, run);
    await runMemory(bench, run);
  }
  await bench.stopTargets();
  await runGrownLog(bench);
  await runLargeRoom(bench);
  await runNodes(bench);
  await runStuckReaders(bench);
  await runPollers(bench);
  await runRollingRestart(bench);
  await report(bench);
}

async function prepare(options) {
  const running = new Map();
  const complaints = new Set();
  const contestants = [...comparisons, ...subjects];
  const bench = {
    options,
    profile: options.profile === undefined ? undefined : resolve(options.profile),
    contestants,
    complaints,
    say,
    results: new Results(say),
    folder: makeRunFolder(),
    postgres: await openPostgres(),
    generator: new LoadGenerator(),

    /** The contestant's server, started when it is first needed. */
    async target(contestant) {
      const target =
        running.get(contestant.id) ?? (await contestant.start(bench, { name: `roomcast_${contestant.id}` }));
      running.set(contestant.id, target);
      return target;
    },

    async stopTargets() {
      for (const target of running.values()) await target.stop();
      running.clear();
    },

    /** Another one begins in each run, so that no place in the order is always the same contestant's. */
    turns: (list, run) => list.map((_, place) => list[(place + run) % list.length]),

    /** A figure counts only if everything published arrived; otherwise the results say so. */
    check(what, { missing = 0, closed = 0, failures = [] }) {
      const wrong = [
        ...(missing === 0 ? [] : [`${missing} deliveries ${missing > 0 ? 'missing' : 'too many'}`]),
        ...(closed === 0 ? [] : [`${closed} subscribers cut off`]),
        ...failures,
      ];
      if (wrong.length === 0) return;
      complaints.add(`${what}: ${wrong.join('; ')}`);
      say(`  not clean: ${wrong.join('; ')}`);
    },
  };
  return bench;
}

async function report({ results, options, postgres, contestants, complaints }) {
  const text = markdown({
    results,
    titles: Object.fromEntries(contestants.map(({ id, title }) => [id, title])),
    complaints: [...complaints],
    facts: {
      date: new Date().toISOString().slice(0, 16).replace('T', ' '),
      commit: commit(),
      'Node.js': process.version,
      PostgreSQL: `${postgres.version}, ${postgres.pid === null ? 'of BENCH_DATABASE_URL' : 'a private cluster with its default settings'}`,
      cores: `${availableParallelism()} (${cpus()[0]?.model.trim() ?? 'unknown'}), shared by servers, PostgreSQL and load generator`,
      runs: `${options.runs}, ${options.ms / 1000} s each`,
    },
  });
  const path = options.out ?? RESULTS;
  writeFileSync(path, await format(text, { ...(await resolveConfig(RESULTS)), parser: 'markdown' }));
  process.stdout.write(`\n${text}\n`);
  say(`written to ${path}`);
}

function commit() {
  try {
    return execFileSync('git', ['rev-parse', '--short', 'HEAD'], {
      cwd: PROJECT,
      encoding: 'utf8',
      stdio: 'pipe',
    }).trim();
  } catch {
    return 'unknown';
  }
}

function say(text) {
  const seconds = Math.round((Date.now() - began) / 1000);
  process.stdout.write(`[${String(seconds).padStart(4)} s] ${text}\n`);
}

async function leave(code) {
  await endAll();
  process.exit(code);
}

let leaving = false;
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
  process.on(signal, () => {
    if (leaving) return;
    leaving = true;
    say('ending everything');
    void leave(130);
  });
}

async function fail(error) {
  if (leaving) return;
  leaving = true;
  process.stderr.write(`${error.stack}\n`);
  await leave(1);
}

process.on('uncaughtException', fail);
process.on('unhandledRejection', fail);
// Whoever reads the progress may stop reading (`npm run bench | head`); that ends the bench like any other fault.
process.stdout.on('error', fail);

await main().then(() => leave(0), fail);
