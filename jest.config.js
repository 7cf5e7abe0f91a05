/**
 * Jest 30 on native ES modules. SWC compiles each file alone, with the same decorator settings as tsconfig.json.
 * With TEST_COUNTS_FILE set, every run also appends its counts to that file; .ci/run adds them up.
 */
const reporters = ['default'];
if (process.env.TEST_COUNTS_FILE) reporters.push('<rootDir>/test/support/counts-reporter.js');

export default {
  testEnvironment: 'node',
  testMatch: ['<rootDir>/src/**/*.spec.ts', '<rootDir>/test/**/*.spec.ts', '<rootDir>/test/**/*.e2e-spec.ts'],
  extensionsToTreatAsEsm: ['.ts'],
  // Imports end in ".js", as Node wants them; on disk it is the ".ts" file. "js" stays first for the packages' own files.
  moduleNameMapper: { '^(\\.{1,2}/.*)\\.js$': '$1' },
  moduleFileExtensions: ['js', 'mjs', 'cjs', 'ts', 'json', 'node'],
  modulePathIgnorePatterns: ['<rootDir>/dist/', '<rootDir>/.data'],
  setupFiles: ['reflect-metadata'],
  transform: {
    '\\.ts$': [
      '@swc/jest',
      {
        swcrc: false,
        sourceMaps: 'inline',
        module: { type: 'es6' },
        jsc: {
          target: 'es2023',
          keepClassNames: true,
          parser: { syntax: 'typescript', decorators: true },
          transform: { legacyDecorator: true, decoratorMetadata: true, useDefineForClassFields: false },
        },
      },
    ],
  },
  // Nothing here measures time: this only ends what hangs, also on a machine that is very busy.
  testTimeout: 180_000,
  maxWorkers: 2,
  // A module registry per file is not freed at once under --experimental-vm-modules.
  workerIdleMemoryLimit: '1GB',
  reporters,
};
