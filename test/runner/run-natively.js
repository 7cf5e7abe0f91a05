import { createRequire } from 'node:module';
import { join, relative } from 'node:path';
import { pathToFileURL } from 'node:url';
import { ModernFakeTimers } from '@jest/fake-timers';
import circus from 'jest-circus/runner';
import { ModuleMocker } from 'jest-mock';

const require = createRequire(import.meta.url);
const mocker = new ModuleMocker(globalThis);
let imported = 0;

process.setSourceMapsEnabled(true);

/**
 * Runs a test file with jest-circus, Jest's own framework, but lets Node import it: what a worker has loaded once, the
 * server and its packages, it has for all its files. Jest's registry would load those thousands of modules for each file.
 * In exchange the files of a worker share one set of globals and modules, and modules cannot be mocked.
 */
export default async function runNatively(globalConfig, config, _environment, _runtime, testPath, sendMessage) {
  const timers = new ModernFakeTimers({ config, global: globalThis });
  globalThis.jest = jestObject(timers);
  const environment = { global: globalThis };
  try {
    return await circus.default(globalConfig, config, environment, nodeRuntime(config), testPath, sendMessage);
  } finally {
    timers.dispose();
    mocker.restoreAllMocks();
  }
}

/** As much of `jest` as makes sense here. */
function jestObject(timers) {
  return {
    fn: mocker.fn.bind(mocker),
    spyOn: mocker.spyOn.bind(mocker),
    restoreAllMocks: () => mocker.restoreAllMocks(),
    useFakeTimers: (options) => timers.useFakeTimers(options),
    useRealTimers: () => timers.useRealTimers(),
    advanceTimersByTime: (ms) => timers.advanceTimersByTime(ms),
    advanceTimersByTimeAsync: (ms) => timers.advanceTimersByTimeAsync(ms),
  };
}

/** What jest-circus asks of Jest's module registry, answered by Node. */
function nodeRuntime({ rootDir }) {
  return {
    requireInternalModule: requireAnew,
    requireModule: require,
    unstable_shouldLoadAsEsm: () => true,
    unstable_importModule: (path) => importCompiled(relative(rootDir, path)),
    setGlobalsForRuntime: () => undefined,
    enterTestCode: () => undefined,
    leaveTestCode: () => undefined,
  };
}

/** The tests and listeners that jest-circus knows are those of the last file; a new instance begins without them. */
function requireAnew(path) {
  delete require.cache[path];
  for (const symbol of Object.getOwnPropertySymbols(globalThis)) {
    if (['JEST_STATE_SYMBOL', 'EVENT_HANDLERS'].includes(symbol.description)) delete globalThis[symbol];
  }
  return require(path);
}

/** Anew each time, because its tests declare themselves while it loads; what it imports comes from Node's cache. */
async function importCompiled(path) {
  const { href } = pathToFileURL(join(process.env.TEST_BUILD, path.replace(/\.ts$/, '.js')));
  imported += 1;
  await import(`${href}?${imported}`);
}
