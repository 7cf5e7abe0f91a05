import { spawn } from 'node:child_process';
import { cpSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { pollModules, pollsHaveChanged } from './polls.fixture.js';
import { followGuide, GUIDE, guideFiles } from './support/guide.js';
import { startServer } from './support/start-server.js';
import { createWorkFolder, follow, itWithCurl, stepsOf } from './support/walkthrough.js';

const FOLDER = 'src/modules/polls/';
/** What the sixty lines are counted without. */
const NOT_COUNTED = /\.(schemas|migration|spec)\.ts$/;

/** Runs Node to its end in another folder; throws what it wrote when it fails. */
function run(folder: string, ...args: string[]): Promise<void> {
  const { TEST_COUNTS_FILE: _counts, JEST_WORKER_ID: _worker, ...env } = process.env;
  const child = spawn(process.execPath, args, { cwd: folder, env });
  let written = '';
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text) => (written += text));
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => {
      if (code === 0) resolve();
      else reject(new Error(`${args.join(' ')} ended with ${code}:\n${written}`));
    });
  });
}

// Real: a copy of the project with what the page says in it, compiled and tested; then the server, a shell and curl.
describe('docs/extending.md', () => {
  it('builds the module that the suite tests, letter by letter', () => {
    const written = [...guideFiles].filter(([path]) => !path.endsWith('.spec.ts'));
    expect(written.map(([path]) => path).sort()).toEqual(
      readdirSync('test/polls')
        .map((file) => FOLDER + file)
        .sort(),
    );
    for (const [path, text] of written) {
      const fixture = readFileSync(join('test/polls', basename(path)), 'utf8');
      expect(fixture).toBe(text.replaceAll(`'../../`, `'../../src/`));
    }
  });

  it('its module has at most sixty lines beside its schemas and its migration', () => {
    const counted = [...guideFiles].filter(([path]) => !NOT_COUNTED.test(path));
    expect(counted.length).toBeGreaterThan(3);
    const lines = counted.map(([, text]) => text.split('\n').length - 1);
    expect(lines.reduce((sum, count) => sum + count, 0)).toBeLessThanOrEqual(60);
  });

  const itUnlessChanged = pollsHaveChanged ? it.skip : it;

  itUnlessChanged('followed word by word, its module compiles and its test is green', async () => {
    const copy = createWorkFolder();
    try {
      for (const file of ['package.json', 'tsconfig.json', '.swcrc', 'jest.config.js', 'src', 'test', 'docs']) {
        cpSync(file, join(copy, file), { recursive: true });
      }
      followGuide(copy);
      const program = { extends: './tsconfig.json', include: ['src/main.ts', FOLDER] };
      writeFileSync(join(copy, 'tsconfig.guide.json'), JSON.stringify(program));
      await run(copy, 'node_modules/typescript/bin/tsc', '-p', 'tsconfig.guide.json');
      await run(copy, 'node_modules/jest/bin/jest.js', '--runInBand', '--cacheDirectory', join(copy, 'cache'), FOLDER);
    } finally {
      rmSync(copy, { recursive: true, force: true });
    }
  });

  const walk = async (): Promise<void> => {
    const env = { ADMIN_EMAIL: 'admin@roomcast.local', ADMIN_PASSWORD: 'roomcast-demo' };
    const server = await startServer({ env, modules: await pollModules() });
    try {
      const steps = stepsOf(GUIDE);
      expect(steps.map(({ shown }) => shown !== '')).toEqual([true, true, false]);
      await follow(steps, server.url);
    } finally {
      await server.close();
    }
  };
  itWithCurl('shows the new poll to a Socket.IO client at its last step', walk, itUnlessChanged);
});
