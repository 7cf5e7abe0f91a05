import 'reflect-metadata';
import { faults } from './frame-check.js';

// What stands here runs in each test file.
afterAll(() => {
  const found = [...faults];
  faults.clear();
  if (found.length > 0) throw new Error(`Frames that /asyncapi.json does not describe:\n${found.join('\n')}`);
});
