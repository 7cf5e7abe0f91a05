import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { transformFile } from '@swc/core';

/** Inside node_modules, so that what is compiled finds the packages. */
const BUILDS = join('node_modules', '.cache', 'roomcast', 'builds');
const KEPT_MS = 24 * 3_600_000;

/**
 * Before the first test: compiles the server and its tests, each file alone, into the folder that TEST_BUILD then names.
 * The decorator settings in .swcrc are those of tsconfig.json; the maps let errors name the sources.
 */
export default async function compile({ rootDir }) {
  const builds = join(rootDir, BUILDS);
  mkdirSync(builds, { recursive: true });
  removeForgotten(builds);
  const build = mkdtempSync(join(builds, 'run-'));
  cpSync(join(rootDir, 'package.json'), join(build, 'package.json'));
  await Promise.all(sources(rootDir).map((file) => compileFile(join(rootDir, file), join(build, file))));
  process.env.TEST_BUILD = build;
}

function sources(rootDir) {
  return ['src', 'test'].flatMap((folder) =>
    readdirSync(join(rootDir, folder), { recursive: true })
      .filter((file) => file.endsWith('.ts') && !file.endsWith('.d.ts'))
      .map((file) => join(folder, file)),
  );
}

async function compileFile(source, target) {
  const { code } = await transformFile(source, { sourceMaps: 'inline' });
  mkdirSync(dirname(target), { recursive: true });
  writeFileSync(target.replace(/\.ts$/, '.js'), code);
}

/** A run that was killed leaves its folder behind. */
function removeForgotten(builds) {
  for (const path of readdirSync(builds).map((name) => join(builds, name))) {
    const { mtimeMs = Date.now() } = statSync(path, { throwIfNoEntry: false }) ?? {};
    if (Date.now() - mtimeMs > KEPT_MS) rmSync(path, { recursive: true, force: true });
  }
}
