import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type Options, transformFile } from '@swc/core';

const SOURCE = join(process.cwd(), 'src');
const CACHE = join(process.cwd(), 'node_modules', '.cache', 'roomcast');
const KEPT_BUILDS_MS = 3_600_000;

/** The same settings as those of the build. */
const COMPILER: Options = {
  swcrc: false,
  sourceMaps: 'inline',
  module: { type: 'es6' },
  jsc: {
    target: 'es2023',
    keepClassNames: true,
    parser: { syntax: 'typescript', decorators: true },
    transform: { legacyDecorator: true, decoratorMetadata: true, useDefineForClassFields: false },
  },
};

/** Compiles the server for tests that run it as a process of its own; once for each state of the sources. Gives main.js. */
export async function buildServer(): Promise<string> {
  const files = readdirSync(SOURCE, { recursive: true, encoding: 'utf8' }).filter(
    (file) => file.endsWith('.ts') && !file.endsWith('.spec.ts'),
  );
  const folder = join(CACHE, `build-${stateOf(files)}`);
  const main = join(folder, 'dist', 'main.js');
  if (existsSync(main)) return main;
  const draft = `${folder}.${process.pid}`;
  mkdirSync(draft, { recursive: true });
  cpSync(join(process.cwd(), 'package.json'), join(draft, 'package.json'));
  await Promise.all(files.map((file) => compile(file, join(draft, 'dist'))));
  removeOldBuilds();
  try {
    renameSync(draft, folder);
  } catch {
    // Another test file was faster with the same build.
    rmSync(draft, { recursive: true, force: true });
  }
  return main;
}

async function compile(file: string, target: string): Promise<void> {
  const { code } = await transformFile(join(SOURCE, file), COMPILER);
  const path = join(target, file.replace(/\.ts$/, '.js'));
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, code);
}

function stateOf(files: string[]): string {
  const hash = createHash('sha256');
  for (const file of files.sort()) {
    const { mtimeMs, size } = statSync(join(SOURCE, file));
    hash.update(`${file} ${mtimeMs} ${size}\n`);
  }
  return hash.digest('hex').slice(0, 16);
}

function removeOldBuilds(): void {
  for (const name of readdirSync(CACHE).filter((entry) => entry.startsWith('build-'))) {
    const path = join(CACHE, name);
    const age = Date.now() - (statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? Date.now());
    if (age > KEPT_BUILDS_MS) rmSync(path, { recursive: true, force: true });
  }
}
