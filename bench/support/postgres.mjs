import { execFileSync } from 'node:child_process';
import { chownSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import pg from 'pg';
import { freePort } from './free-port.mjs';
import { endLater, start } from './processes.mjs';

const DEBIAN = '/usr/lib/postgresql';
const START_LIMIT_MS = 30_000;

/** A PostgreSQL to measure on: BENCH_DATABASE_URL, or a private cluster with the settings that PostgreSQL comes with. */
export async function openPostgres() {
  const given = process.env.BENCH_DATABASE_URL;
  const { url, pid } = given ? { url: given, pid: null } : await privateCluster();
  const version = await withClient(url, async (client) => (await client.query('SHOW server_version')).rows[0]);
  let databases = 0;
  return {
    /** The postmaster, when it is ours to watch. */
    pid,
    version: version.server_version,
    /** A database of its own, dropped at the end; gives its URL. */
    async createDatabase(name) {
      const database = `roomcast_bench_${process.pid}_${++databases}_${name.replaceAll(/\W/g, '_')}`;
      await withClient(url, (client) => client.query(`CREATE DATABASE ${database}`));
      endLater(() => withClient(url, (client) => client.query(`DROP DATABASE ${database} WITH (FORCE)`)));
      const own = new URL(url);
      own.pathname = `/${database}`;
      return own.href;
    },
  };
}

export async function withClient(url, work) {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

async function privateCluster() {
  const bin = findBinaries();
  const folder = mkdtempSync(join(process.env.BENCH_DATA_DIR ?? tmpdir(), 'roomcast-bench-'));
  endLater(async () => rmSync(folder, { recursive: true, force: true }));
  const become = otherUser(folder);
  const data = join(folder, 'data');
  const [command, ...args] = [
    ...become,
    join(bin, 'initdb'),
    ...['-D', data, '-U', 'bench', '--auth=trust', '--no-locale', '-E', 'UTF8'],
  ];
  execFileSync(command, args, { stdio: 'pipe', cwd: folder });
  const port = await freePort();
  const [program, ...options] = [
    ...become,
    join(bin, 'postgres'),
    ...[
      '-D',
      data,
      '-c',
      'listen_addresses=127.0.0.1',
      '-c',
      `port=${port}`,
      '-c',
      `unix_socket_directories=${folder}`,
    ],
  ];
  // SIGINT is PostgreSQL's fast shutdown.
  const server = start(program, options, { stopSignal: 'SIGINT', cwd: folder });
  const url = `postgres://bench@127.0.0.1:${port}/postgres`;
  const limit = Date.now() + START_LIMIT_MS;
  for (;;) {
    try {
      await withClient(url, (client) => client.query('SELECT 1'));
      return { url, pid: server.pid };
    } catch (error) {
      if (server.gone() || Date.now() > limit)
        throw new Error(`PostgreSQL did not start: ${error.message}\n${server.output()}`, { cause: error });
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
}

function findBinaries() {
  const versions = existsSync(DEBIAN) ? readdirSync(DEBIAN).sort((a, b) => Number(b) - Number(a)) : [];
  const folders = [...process.env.PATH.split(delimiter), ...versions.map((version) => join(DEBIAN, version, 'bin'))];
  const found = folders.find((folder) => existsSync(join(folder, 'initdb')) && existsSync(join(folder, 'postgres')));
  if (found === undefined)
    throw new Error(
      'PostgreSQL is not installed here (initdb and postgres); set BENCH_DATABASE_URL to one to measure on.',
    );
  return found;
}

/** PostgreSQL refuses to run as root, so root lends it the `postgres` user. */
function otherUser(folder) {
  if (process.getuid() !== 0) return [];
  const id = (option) => Number(execFileSync('id', [option, 'postgres'], { encoding: 'utf8' }));
  chownSync(folder, id('-u'), id('-g'));
  return ['setpriv', `--reuid=${id('-u')}`, `--regid=${id('-g')}`, '--clear-groups'];
}
