// What the test files of a run came to. Usage: node .ci/counts.mjs failing <run> | sum
// Each line of TEST_COUNTS_FILE is one finished file; a file that was run again counts with its second try alone.
import { readFileSync } from 'node:fs';

const lines = readFileSync(process.env.TEST_COUNTS_FILE, 'utf8').split('\n').filter(Boolean);
const tries = new Map();
for (const line of lines) {
  const counts = JSON.parse(line);
  const name = `${counts.run}: ${counts.file}`;
  tries.set(name, [...(tries.get(name) ?? []), counts]);
}

const commands = {
  /** The files of that run whose last try failed, one per line. */
  failing(run) {
    for (const all of tries.values()) {
      const last = all.at(-1);
      if (last.run === run && last.failed > 0) console.log(last.file);
    }
  },

  sum() {
    const last = [...tries.values()].map((all) => all.at(-1));
    const total = (key) => last.reduce((sum, counts) => sum + counts[key], 0);
    for (const [name, all] of tries) {
      if (all.length > 1 && all.at(-1).failed === 0) console.log(`== unsteady, passed only when run again: ${name}`);
    }
    const passed = total('passed');
    const failed = total('failed') + Number(process.env.BROKEN_PARTS);
    const skipped = total('skipped');
    if (passed + failed === 0) console.log('== no test ran');
    console.log(`${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`);
    process.exitCode = failed > 0 || passed === 0 ? 1 : 0;
  },
};

const [command, ...words] = process.argv.slice(2);
commands[command](...words);
