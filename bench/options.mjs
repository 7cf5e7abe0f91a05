import { parseArgs } from 'node:util';
import { ROWS } from './report/rows.mjs';

const USAGE = `npm run bench -- [options]

  --quick          one run of short windows, about three minutes
  --full           also a log with 5 million old events and a room of 10 000 participants
  --runs N         runs of which the median counts (3; 1 with --quick)
  --only ROW       only this row, or those whose names begin so; may be given more than once
  --list           names the rows and ends
  --seconds N      length of a measurement (2; 1 with --quick)
  --events N       old events in the grown log, in millions (1; 5 with --full)
  --profile DIR    write a CPU profile of Roomcast for each load into DIR, and tell where its time went
  --out FILE       where the results go (bench/RESULTS.md)

BENCH_DATABASE_URL measures on that PostgreSQL instead of a private one, BENCH_REDIS_URL likewise for Redis,
BENCH_DATA_DIR is where the private cluster keeps its data (the system's folder for temporary files).
`;

export function readOptions(args) {
  const { values } = parseArgs({
    args,
    options: {
      quick: { type: 'boolean', default: false },
      full: { type: 'boolean', default: false },
      runs: { type: 'string' },
      only: { type: 'string', multiple: true },
      list: { type: 'boolean', default: false },
      seconds: { type: 'string' },
      events: { type: 'string' },
      profile: { type: 'string' },
      out: { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) {
    process.stdout.write(USAGE);
    process.exit(0);
  }
  const { quick, full, list, only, profile, out } = values;
  return {
    quick,
    full,
    list,
    profile,
    out,
    runs: positive('runs', values.runs ?? (quick ? '1' : '3')),
    ms: positive('seconds', values.seconds ?? (quick ? '1' : '2')) * 1000,
    warmUpMs: quick ? 400 : 800,
    oldEvents: Math.round(positive('events', values.events ?? (full ? '5' : '1')) * 1_000_000),
    wants: (row) => only === undefined || only.some((name) => (name in ROWS ? row === name : row.startsWith(name))),
  };
}

function positive(name, text) {
  const value = Number(text);
  if (Number.isFinite(value) && value > 0) return value;
  process.stderr.write(`--${name} must be a number above 0\n`);
  process.exit(2);
}
