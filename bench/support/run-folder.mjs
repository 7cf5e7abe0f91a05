import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { transformFile } from '@swc/core';
import { endLater } from './processes.mjs';

export const PROJECT = fileURLToPath(new URL('../../', import.meta.url));
const CACHE = join(PROJECT, 'node_modules', '.cache', 'roomcast');

/**
 * A copy of the built server, so that a build in between does not change what is measured. It lies inside the project,
 * because the server looks for its packages from there.
 */
export function makeRunFolder() {
  mkdirSync(CACHE, { recursive: true });
  const folder = mkdtempSync(join(CACHE, 'bench-'));
  endLater(async () => rmSync(folder, { recursive: true, force: true }));
  cpSync(join(PROJECT, 'dist'), join(folder, 'dist'), { recursive: true });
  cpSync(join(PROJECT, 'package.json'), join(folder, 'package.json'));
  return folder;
}

/** The tutorial's server as JavaScript, with the decorators that Node does not know. */
export async function compile(source, folder) {
  const { code } = await transformFile(source);
  const target = join(folder, 'tutorial.js');
  writeFileSync(target, code);
  return target;
}
