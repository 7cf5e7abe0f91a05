import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

// Real: the script as a process, with the compiled server inside it.
describe('the demo', () => {
  async function run(onOutput: (output: string, stop: () => unknown) => void = () => undefined) {
    const app = new URL('../src/app.js', import.meta.url).href;
    const script = join(process.cwd(), 'scripts', 'demo.mjs');
    const demo = spawn(process.execPath, [script, app], { env: { PATH: process.env.PATH } });
    let output = '';
    for (const stream of [demo.stdout, demo.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => {
        output += text;
        onOutput(output, () => demo.killed || demo.kill('SIGINT'));
      });
    }
    const [code] = (await once(demo, 'close')) as [number | null];
    return { code, output };
  }

  it('shows a conversation in which a member who was cut off misses nothing, and ends by itself', async () => {
    const { code, output } = await run();
    const missed = output.split('Ben is cut off')[1]!.split('Ben comes back');
    expect(missed[0]).not.toContain("Ben's screen");
    expect(missed[1]).toMatch(/Ben's screen .*Still there\?\n.*I keep talking\.\n.*You will get all of this\.\n/);
    expect(output).toMatch(/Both have seen the same 10 messages, in the same order, each once\.\n$/);
    expect(code).toBe(0);
  });

  it('leaves when it is interrupted', async () => {
    const { code, output } = await run((text, stop) => {
      if (text.includes('are in a room')) stop();
    });
    expect(code).toBe(130);
    expect(output).not.toContain('Both have seen');
  });
});
