import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PGlite } from '@electric-sql/pglite';
import { EmbeddedDatabase } from '../../src/database/embedded/embedded-database.js';

const PACKAGES = join(process.cwd(), 'node_modules');
const CACHE = join(PACKAGES, '.cache', 'roomcast');

/** An empty embedded database as a file, made once per version: starting from it takes a fifth of the time. */
export async function databaseImage(): Promise<string> {
  return cached('small-database.tar', async (draft) => {
    const database = await PGlite.create({ dataDir: 'memory://' });
    // Every start unpacks the image; without what further databases are made of, it is a third smaller.
    await database.exec('UPDATE pg_database SET datistemplate = false');
    for (const template of ['template0', 'template1']) await database.exec(`DROP DATABASE ${template}`);
    const image = await database.dumpDataDir('none');
    writeFileSync(draft, new Uint8Array(await image.arrayBuffer()));
    await database.close();
  });
}

/** A data directory for servers that are restarted on it, with an empty database inside; the test removes it. */
export async function createDataDir(): Promise<string> {
  const prepared = await cached('empty-data-dir', async (draft) => {
    const database = new EmbeddedDatabase({ dataDir: draft });
    await database.open();
    await database.close();
  });
  const dataDir = mkdtempSync(join(tmpdir(), 'roomcast-test-'));
  cpSync(prepared, dataDir, { recursive: true });
  return dataDir;
}

/** Test files run side by side, so what is made appears whole or not at all. */
async function cached(name: string, make: (draft: string) => Promise<void>): Promise<string> {
  const manifest = readFileSync(join(PACKAGES, '@electric-sql', 'pglite', 'package.json'), 'utf8');
  const { version } = JSON.parse(manifest) as { version: string };
  const path = join(CACHE, `${version}-${name}`);
  if (existsSync(path)) return path;
  mkdirSync(CACHE, { recursive: true });
  const draft = `${path}.${process.pid}`;
  await make(draft);
  try {
    renameSync(draft, path);
  } catch (error) {
    if (!existsSync(path)) throw error;
    rmSync(draft, { recursive: true, force: true });
  }
  return path;
}
