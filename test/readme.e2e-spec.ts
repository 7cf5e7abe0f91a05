import { readFileSync } from 'node:fs';
import { banner } from '../src/banner.js';
import { loadSettings } from '../src/config/load-settings.js';
import { startServer } from './support/start-server.js';
import { ADDRESS, follow, itWithCurl, stepsOf } from './support/walkthrough.js';

const README = readFileSync('README.md', 'utf8');

function section(heading: string): string {
  const text = README.split(`\n## ${heading}\n`)[1];
  if (text === undefined) throw new Error(`The README has no section "${heading}"`);
  return text.split('\n## ')[0]!;
}

// Real: the whole server, a shell, curl, and the Socket.IO client that the README writes.
describe('the README', () => {
  itWithCurl('takes its reader on a tour that works word by word', async () => {
    const env = { ADMIN_EMAIL: 'admin@roomcast.local', ADMIN_PASSWORD: 'roomcast-demo' };
    const server = await startServer({ env });
    try {
      const steps = stepsOf(section('Five minutes with it'));
      expect(steps.length).toBeGreaterThan(8);
      await follow(steps, server.url);
    } finally {
      await server.close();
    }
  });

  it('shows the banner of a first start, with the login that works', () => {
    // The secret is given so that none is made.
    const settings = loadSettings({ JWT_SECRET: 'x'.repeat(40) });
    const [start] = stepsOf(section('Run it'));
    expect(start!.commands).toBe('npm install && npm start\n');
    expect(start!.shown).toBe(`${banner(settings, ADDRESS).slice(1)}\n  listening on ${ADDRESS}\n`);
  });
});
