import 'reflect-metadata';
import { faults as frameFaults } from './frame-check.js';
import { replyFaults } from './reply-check.js';

/** What left the server without a description, and where that would stand. */
const UNDESCRIBED = [
  { found: frameFaults, what: 'Frames that /asyncapi.json does not describe' },
  { found: replyFaults, what: 'Replies that /docs-json does not describe' },
];

// What stands here runs in each test file.
afterAll(() => {
  const reports = UNDESCRIBED.filter(({ found }) => found.size > 0).map(
    ({ found, what }) => `${what}:\n${[...found].join('\n')}`,
  );
  for (const { found } of UNDESCRIBED) found.clear();
  if (reports.length > 0) throw new Error(reports.join('\n'));
});
