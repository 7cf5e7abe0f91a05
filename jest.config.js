/**
 * Jest 30 on native ES modules. Each run compiles the project once, and Node itself loads the result: see test/runner.
 * With TEST_COUNTS_FILE set, every run also appends its counts to that file; .ci/run adds them up.
 */
const reporters = ['default'];
if (process.env.TEST_COUNTS_FILE) reporters.push('<rootDir>/test/support/counts-reporter.js');

export default {
  testEnvironment: 'node',
  testMatch: ['<rootDir>/src/**/*.spec.ts', '<rootDir>/test/**/*.spec.ts', '<rootDir>/test/**/*.e2e-spec.ts'],
  // For --onlyChanged and --watch, which follow the imports: they end in ".js", on disk it is the ".ts" file.
  moduleNameMapper: { '^(\\.{1,2}/.*)\\.js$': '$1' },
  modulePathIgnorePatterns: ['<rootDir>/dist/', '<rootDir>/.data'],
  globalSetup: '<rootDir>/test/runner/compile.js',
  globalTeardown: '<rootDir>/test/runner/remove-build.js',
  testRunner: '<rootDir>/test/runner/run-natively.js',
  setupFilesAfterEnv: ['<rootDir>/test/support/every-file.ts'],
  transform: {},
  // Nothing here measures time: this only ends what hangs, also on a machine that is very busy.
  testTimeout: 180_000,
  maxWorkers: 2,
  // What a closed server and its embedded database leave behind is not freed at once.
  workerIdleMemoryLimit: '1GB',
  reporters,
};
