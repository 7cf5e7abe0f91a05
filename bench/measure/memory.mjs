import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { residentKiB } from '../support/proc.mjs';

const FIRST = 200;
const IDLE = 2_000;
/** V8 gives memory back some seconds after a collection, not at once. */
const SETTLE_MS = 9_000;
const HOOK = fileURLToPath(new URL('../servers/settle.mjs', import.meta.url));

/** What an idle connection costs: fresh servers, 2 000 connections each, resident memory once it has settled. */
export async function runMemory(bench, run) {
  const subjects = [
    // Chat rooms and channels have the same sessions, so one of them is enough.
    ...bench
      .turns(bench.contestants, run)
      .filter(({ id, only }) => id !== 'chat' && (only?.includes('memory') ?? true))
      .map((contestant) => ({ row: 'memory', contestant, joins: true })),
    ...bench.contestants
      .filter(({ id }) => id === 'channel')
      .map((contestant) => ({ row: 'memory-no-room', contestant, joins: false })),
  ].filter(({ row }) => bench.options.wants(row));
  if (subjects.length === 0) return;
  for (const subject of subjects) await begin(bench, subject);
  // All wait together, because nobody's memory depends on the others.
  await settle(subjects);
  for (const subject of subjects) subject.before = residentKiB(subject.pid);
  for (const subject of subjects) await connect(bench, subject, FIRST, FIRST + IDLE);
  await settle(subjects);
  for (const { row, contestant, before, pid } of subjects) {
    bench.results.add(row, contestant, { kib: (residentKiB(pid) - before) / IDLE });
  }
  await bench.generator.end();
  for (const { target } of subjects) await target.stop();
}

/** The first connections warm up what all of them share. */
async function begin(bench, subject) {
  const { contestant, joins, row } = subject;
  subject.target = await contestant.start(bench, {
    nodeArgs: ['--expose-gc', `--import=${HOOK}`],
    name: `${row}_${contestant.id}`,
  });
  subject.pid = subject.target.pids[0];
  const people = FIRST + IDLE;
  await subject.target.prepare({ rooms: ['idle'], people, subscribers: joins ? people : 1 });
  await connect(bench, subject, 0, FIRST);
}

function connect(bench, { target, joins }, from, to) {
  const persons = Array.from({ length: to - from }, (_, number) => from + number);
  return bench.generator.subscribe(
    persons.map((person) => target.subscriber('idle', person, { joins })),
    50,
  );
}

async function settle(subjects) {
  for (const { pid } of subjects) process.kill(pid, 'SIGUSR2');
  await sleep(SETTLE_MS);
  for (const { pid } of subjects) process.kill(pid, 'SIGUSR2');
  await sleep(SETTLE_MS / 3);
}
