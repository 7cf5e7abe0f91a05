import { readFileSync } from 'node:fs';
import { startServer } from './support/start-server.js';
import { follow, itWithCurl, stepsOf } from './support/walkthrough.js';

const PAGE = readFileSync('docs/dialects/syncano.md', 'utf8');

// Real: the whole server, a shell, curl, and the npm client in a process of its own.
describe('the page about the Syncano dialect', () => {
  itWithCurl('has examples that work word by word', async () => {
    const server = await startServer();
    try {
      const steps = stepsOf(PAGE);
      expect(steps.map(({ shown }) => shown !== '')).toEqual([true, true, true]);
      await follow(steps, server.url);
    } finally {
      await server.close();
    }
  });
});
