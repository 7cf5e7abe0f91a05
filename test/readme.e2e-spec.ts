import { readFileSync, rmSync } from 'node:fs';
import { banner } from '../src/banner.js';
import { loadSettings } from '../src/config/load-settings.js';
import { startServer, type TestServer } from './support/start-server.js';
import { ADDRESS, createWorkFolder, hasCurl, Shell, stepsOf } from './support/walkthrough.js';

const README = readFileSync(new URL('../README.md', import.meta.url), 'utf8');

function section(heading: string): string {
  const text = README.split(`\n## ${heading}\n`)[1];
  if (text === undefined) throw new Error(`The README has no section "${heading}"`);
  return text.split('\n## ')[0]!;
}

// Real: the whole server, a shell, curl, and the Socket.IO client that the README writes.
describe('the README', () => {
  let server: TestServer;
  let folder: string;
  let shell: Shell;

  beforeAll(async () => {
    const env = { ADMIN_EMAIL: 'admin@roomcast.local', ADMIN_PASSWORD: 'roomcast-demo' };
    server = await startServer({ env });
    folder = createWorkFolder();
    shell = new Shell(folder);
  });
  afterAll(async () => {
    shell.end();
    await server.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const name = 'takes its reader on a tour that works word by word';
  const tour = async (): Promise<void> => {
    const steps = stepsOf(section('Five minutes with it'));
    expect(steps.length).toBeGreaterThan(8);
    for (const step of steps) {
      await shell.run({ ...step, commands: step.commands.replaceAll(ADDRESS, server.url) });
    }
  };
  if (hasCurl) it(name, tour);
  else it.skip(`${name} (skipped: this machine has no curl)`, tour);

  it('shows the banner of a first start, with the login that works', () => {
    // The secret is given so that none is made.
    const settings = loadSettings({ JWT_SECRET: 'x'.repeat(40) });
    const [start] = stepsOf(section('Run it'));
    expect(start!.commands).toBe('npm install && npm start\n');
    expect(start!.shown).toBe(`${banner(settings, ADDRESS).slice(1)}\n  listening on ${ADDRESS}\n`);
  });
});
