import { randomBytes } from 'node:crypto';
import { linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** This data directory exists in memory only, so nothing can be kept in it. */
export const IN_MEMORY = 'memory://';

/** Reads the secret kept under `name` in the data directory, or makes and keeps one that only the owner may read. */
export function keptSecret(dataDir: string, name: string, bytes: number): string {
  const made = randomBytes(bytes).toString('base64url');
  if (dataDir === IN_MEMORY) return made;
  const path = join(dataDir, name);
  const known = readSecret(path);
  if (known !== null) return known;
  mkdirSync(dataDir, { recursive: true });
  const draft = `${path}.${process.pid}.${randomBytes(4).toString('hex')}`;
  writeFileSync(draft, made, { mode: 0o600, flag: 'wx' });
  try {
    // A link appears whole or not at all, so neither a crash nor a second server leaves or reads half a secret.
    linkSync(draft, path);
    return made;
  } catch (error) {
    const kept = readSecret(path);
    if (kept === null) throw error;
    return kept;
  } finally {
    rmSync(draft, { force: true });
  }
}

function readSecret(path: string): string | null {
  try {
    const text = readFileSync(path, 'utf8').trim();
    if (text === '') throw new Error(`${path} is empty; remove it to have a new one made`);
    return text;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}
