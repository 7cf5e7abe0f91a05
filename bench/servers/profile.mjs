/** Loaded into Roomcast with --profile: the first signal begins a CPU profile, the next one writes it, and so on. */
import { writeFileSync } from 'node:fs';
import { Session } from 'node:inspector/promises';
import { join } from 'node:path';

const session = new Session();
session.connect();
await session.post('Profiler.enable');
let running = false;
let written = 0;

process.on('SIGUSR2', async () => {
  running = !running;
  if (running) return session.post('Profiler.start');
  const { profile } = await session.post('Profiler.stop');
  writeFileSync(join(process.env.BENCH_PROFILE_DIR, `${process.pid}-${++written}.cpuprofile`), JSON.stringify(profile));
});
