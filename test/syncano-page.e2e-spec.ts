import { readFileSync, rmSync } from 'node:fs';
import { startServer } from './support/start-server.js';
import { ADDRESS, createWorkFolder, hasCurl, Shell, stepsOf } from './support/walkthrough.js';

const PAGE = readFileSync(new URL('../docs/dialects/syncano.md', import.meta.url), 'utf8');

// Real: the whole server, a shell, curl, and the npm client in a process of its own.
describe('the page about the Syncano dialect', () => {
  const name = 'has examples that work word by word';
  const walk = async (): Promise<void> => {
    const server = await startServer();
    const folder = createWorkFolder();
    const shell = new Shell(folder);
    try {
      const steps = stepsOf(PAGE);
      expect(steps.map(({ shown }) => shown !== '')).toEqual([true, true, true]);
      for (const step of steps) {
        await shell.run({ ...step, commands: step.commands.replaceAll(ADDRESS, server.url) });
      }
    } finally {
      shell.end();
      await server.close();
      rmSync(folder, { recursive: true, force: true });
    }
  };
  if (hasCurl) it(name, walk);
  else it.skip(`${name} (skipped: this machine has no curl)`, walk);
});
