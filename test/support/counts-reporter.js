import { appendFileSync } from 'node:fs';
import { relative } from 'node:path';

/** Appends a line of JSON with the counts of each finished test file to TEST_COUNTS_FILE, for .ci/run. */
export default class CountsReporter {
  onTestResult(_test, result) {
    const counts = {
      run: process.env.TEST_RUN ?? '',
      file: relative(process.cwd(), result.testFilePath),
      passed: result.numPassingTests,
      // A file that does not even load has no tests to fail, so it counts as one.
      failed: result.numFailingTests + (result.testExecError ? 1 : 0),
      skipped: result.numPendingTests + result.numTodoTests,
    };
    appendFileSync(process.env.TEST_COUNTS_FILE, `${JSON.stringify(counts)}\n`);
  }
}
