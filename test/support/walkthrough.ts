import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Where a server answers that was started as the pages say. */
export const ADDRESS = 'http://127.0.0.1:3000';

/** A folder of its own in which the packages of this one are installed; the test removes it. */
export function createWorkFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'roomcast-test-'));
  symlinkSync(join(process.cwd(), 'node_modules'), join(folder, 'node_modules'), 'junction');
  return folder;
}

/** For one block, on a busy machine: the first ones wait for argon2 and for Node to start several times. */
const PATIENCE_MS = 60_000;

/** One block of commands in a page. */
export interface Step {
  title: string;
  commands: string;
  /** What the page says one will see. */
  shown: string;
}

const blocks = (text: string) => [...text.matchAll(/^(?:### (.+)|```(\w*)\n([\s\S]*?)^```)$/gm)];

/** Every `sh` block, with the `text` block behind it, if there is one. */
export function stepsOf(text: string): Step[] {
  const steps: Step[] = [];
  let title = '';
  for (const [, heading, language, code = ''] of blocks(text)) {
    if (heading !== undefined) title = heading;
    else if (language === 'sh') steps.push({ title, commands: code, shown: '' });
    else if (language === 'text') steps.at(-1)!.shown = code;
  }
  return steps;
}

/** Addresses of rooms differ from run to run; numbers of events do not. */
function normalise(output: string): string {
  return output.replace(/[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}/g, '<uuid>').trim();
}

/** One shell that keeps its variables and its background jobs from block to block, as the reader's does. */
class Shell {
  private readonly shell: ChildProcess;
  private output = '';
  private errors = '';
  private blocks = 0;
  private changed: () => void = () => undefined;

  constructor(private readonly folder: string) {
    // A group of its own, so that what a block leaves running can be ended with it.
    const { FORCE_COLOR: _coloured, ...env } = process.env;
    this.shell = spawn('sh', ['-eu'], { cwd: folder, env, detached: true, stdio: ['pipe', 'pipe', 'pipe'] });
    this.shell.stdout!.setEncoding('utf8').on('data', (text: string) => {
      this.output += text;
      this.changed();
    });
    this.shell.stderr!.setEncoding('utf8').on('data', (text: string) => (this.errors += text));
    this.shell.on('exit', () => this.changed());
  }

  /** Runs the commands to their end, and waits until they and what they left running have shown exactly this. */
  async run({ title, commands, shown }: Step): Promise<void> {
    const number = (this.blocks += 1);
    const file = join(this.folder, `block-${number}.sh`);
    writeFileSync(file, commands);
    this.errors = '';
    const end = `the end of block ${number}\n`;
    this.shell.stdin!.write(`. '${file}' < /dev/null\nprintf '${end.replace('\n', '\\n')}'\n`);
    const seen = (): string => normalise(this.output.replace(end, ''));
    const expected = normalise(shown);
    const done = (): boolean => this.output.includes(end) && seen() === expected;
    if (await this.waitFor(done)) {
      // What comes from now on, such as an event that arrives twice, is what the next block has not announced.
      this.output = '';
      return;
    }
    const report = ['', commands, 'Expected:', expected, 'Seen:', seen(), 'Errors:', this.errors];
    throw new Error(`A block under "${title}" does not do what the page says.${report.join('\n')}`);
  }

  end(): void {
    try {
      process.kill(-this.shell.pid!, 'SIGKILL');
    } catch {
      // It has ended already.
    }
  }

  private waitFor(done: () => boolean): Promise<boolean> {
    return new Promise((resolve) => {
      const finish = (result: boolean): void => {
        clearTimeout(timer);
        this.changed = () => undefined;
        resolve(result);
      };
      const timer = setTimeout(() => finish(false), PATIENCE_MS);
      this.changed = () => {
        if (done()) finish(true);
        else if (this.shell.exitCode !== null) finish(false);
      };
      this.changed();
    });
  }
}

const hasCurl = spawnSync('curl', ['--version']).status === 0;

/** Declares a test that needs `curl`: without it the test is skipped, and says so. */
export function itWithCurl(
  name: string,
  walk: () => Promise<void>,
  declare: (name: string, walk: () => Promise<void>) => void = it,
): void {
  if (hasCurl) declare(name, walk);
  else it.skip(`${name} (skipped: this machine has no curl)`, walk);
}

/** Runs the blocks of a page one after the other, in an empty folder, against this server. */
export async function follow(steps: Step[], url: string): Promise<void> {
  const folder = createWorkFolder();
  const shell = new Shell(folder);
  try {
    for (const step of steps) await shell.run({ ...step, commands: step.commands.replaceAll(ADDRESS, url) });
  } finally {
    shell.end();
    rmSync(folder, { recursive: true, force: true });
  }
}
