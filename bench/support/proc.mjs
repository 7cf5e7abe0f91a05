import { readdirSync, readFileSync } from 'node:fs';

/** Ticks of /proc per second; Linux has shown 100 to user space for decades. */
const TICKS_PER_SECOND = 100;

function statOf(pid) {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'latin1');
    // The name may hold spaces and brackets, so count from its end.
    return text.slice(text.lastIndexOf(')') + 2).split(' ');
  } catch {
    return null;
  }
}

/** CPU seconds that these processes have used so far. */
export function cpuSeconds(pids) {
  let ticks = 0;
  for (const pid of pids) {
    const stat = statOf(pid);
    if (stat !== null) ticks += Number(stat[11]) + Number(stat[12]);
  }
  return ticks / TICKS_PER_SECOND;
}

/** The same for a process with its children, those that have ended included: PostgreSQL with its backends. */
export function familyCpuSeconds(pid) {
  const children = readdirSync('/proc').filter((name) => /^\d+$/.test(name) && statOf(name)?.[1] === String(pid));
  const stat = statOf(pid);
  const ended = stat === null ? 0 : (Number(stat[13]) + Number(stat[14])) / TICKS_PER_SECOND;
  return ended + cpuSeconds([pid, ...children]);
}

export function residentKiB(pid) {
  return Number(/^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'latin1'))[1]);
}
