import { spawn } from 'node:child_process';
import { once } from 'node:events';

const READY = /listening on http:\/\/([\w.]+):(\d+)/;
const READY_LIMIT_MS = 60_000;
const STOP_LIMIT_MS = 20_000;
const KEPT_OUTPUT = 20_000;
/** As Roomcast runs Node (package.json, src/main.ts); all servers get it. */
const NODE_ARGS = [
  '--max-semi-space-size=32',
  '--no-allocation-site-pretenuring',
  ...(process.versions.node.startsWith('20.') ? ['--interrupt-budget=30000'] : []),
];

/** Everything that has to be ended, whatever happens; the last begun is the first to end. */
const endings = [];

/** Remembers how to end something. Gives back a function that ends it now. */
export function endLater(end) {
  endings.push(end);
  return async () => {
    const at = endings.indexOf(end);
    if (at < 0) return;
    endings.splice(at, 1);
    await end();
  };
}

export async function endAll() {
  while (endings.length > 0) {
    try {
      await endings.pop()();
    } catch (error) {
      process.stderr.write(`Could not clean up: ${error.message}\n`);
    }
  }
}

/**
 * Starts a process that is ended with the bench. It gets a session of its own, so that Ctrl-C reaches the bench alone,
 * which then ends everything in order.
 */
export function start(command, args, { env = {}, ipc = false, stopSignal = 'SIGTERM', cwd } = {}) {
  const child = spawn(command, args, {
    env: { PATH: process.env.PATH, LANG: 'C.UTF-8', ...env },
    cwd,
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe', ...(ipc ? ['ipc'] : [])],
  });
  let output = '';
  const keep = (text) => (output = (output + text).slice(-KEPT_OUTPUT));
  child.stdout.setEncoding('utf8').on('data', keep);
  child.stderr.setEncoding('utf8').on('data', keep);
  child.on('error', (error) => keep(error.message));
  const gone = () => child.exitCode !== null || child.signalCode !== null || child.pid === undefined;
  const stop = endLater(async () => {
    if (gone()) return;
    const ended = once(child, 'exit');
    child.kill(stopSignal);
    const giveUp = setTimeout(() => child.kill('SIGKILL'), STOP_LIMIT_MS);
    await ended;
    clearTimeout(giveUp);
  });
  return { child, pid: child.pid, stop, gone, output: () => output };
}

/** Waits until `look(output)` finds something. */
export async function waitFor(started, look, what) {
  const limit = Date.now() + READY_LIMIT_MS;
  for (;;) {
    const found = look(started.output());
    if (found) return found;
    if (started.gone() || Date.now() > limit) throw new Error(`${what} did not start:\n${started.output()}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** A Node server that says where it listens. */
export async function startServer(file, { env, nodeArgs = [] } = {}) {
  const server = start(process.execPath, [...NODE_ARGS, ...nodeArgs, file], { env });
  const [, host, port] = await waitFor(server, (output) => READY.exec(output), file);
  return { ...server, host, port: Number(port) };
}
