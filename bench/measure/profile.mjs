import { existsSync, readFileSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const SHOWN = 25;
const WRITE_LIMIT_MS = 10_000;
const taken = new Map();

/** Runs `work` while Roomcast's first node writes a CPU profile, and tells where the time went. */
export async function profiled(bench, contestant, target, row, work) {
  if (bench.profile === undefined || target.server?.databaseUrl === undefined) return work();
  const [pid] = target.pids;
  process.kill(pid, 'SIGUSR2');
  const result = await work();
  process.kill(pid, 'SIGUSR2');
  const number = (taken.get(pid) ?? 0) + 1;
  taken.set(pid, number);
  const written = join(bench.profile, `${pid}-${number}.cpuprofile`);
  const limit = Date.now() + WRITE_LIMIT_MS;
  while (!existsSync(written) && Date.now() < limit) await sleep(50);
  await sleep(200);
  const path = join(bench.profile, `${row}-${contestant.id}.cpuprofile`);
  renameSync(written, path);
  bench.say(`profile of ${row}, ${contestant.title}: ${path}\n${describe(JSON.parse(readFileSync(path, 'utf8')))}`);
  return result;
}

/** Shares of the busy time, by package and by function. */
function describe({ nodes, samples, timeDeltas }) {
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const functions = new Map();
  const packages = new Map();
  let busy = 0;
  samples.forEach((id, index) => {
    const { functionName, url, lineNumber } = byId.get(id).callFrame;
    // The second is the profiler's own start.
    if (functionName === '(idle)' || (functionName === 'dispatch' && url === '')) return;
    const micros = timeDeltas[index];
    busy += micros;
    const place =
      url === ''
        ? ''
        : ` ${url.replace(/^.*\/(node_modules|dist)\/(?!.*\/(node_modules|dist)\/)/, '')}:${lineNumber + 1}`;
    add(functions, `${functionName || '(anonymous)'}${place}`, micros);
    add(packages, packageOf(functionName, url), micros);
  });
  const list = (totals) =>
    [...totals]
      .sort((a, b) => b[1] - a[1])
      .slice(0, SHOWN)
      .map(([name, micros]) => `    ${((micros / busy) * 100).toFixed(1).padStart(5)} %  ${name}`)
      .join('\n');
  return `  by package:\n${list(packages)}\n  by function, itself alone:\n${list(functions)}`;
}

function packageOf(functionName, url) {
  if (url === '') return functionName.startsWith('(') ? functionName : 'native';
  if (url.startsWith('node:')) return `node:${url.slice(5).split('/')[0]}`;
  const inside = /.*\/node_modules\/((?:@[^/]+\/)?[^/.][^/]*)\//.exec(url)?.[1];
  if (inside !== undefined) return inside;
  return url
    .replace(/^.*\/dist\//, 'src/')
    .split('/')
    .slice(0, 3)
    .join('/');
}

function add(totals, name, micros) {
  totals.set(name, (totals.get(name) ?? 0) + micros);
}
