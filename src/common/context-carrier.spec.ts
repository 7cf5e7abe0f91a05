import { AsyncLocalStorage } from 'node:async_hooks';
import { EventEmitter, once } from 'node:events';
import { setImmediate as turn, setTimeout as sleep } from 'node:timers/promises';
import { type ContextCarrier, PromiseCarrier } from './context-carrier.js';

describe.each<[string, ContextCarrier<string>]>([
  ['along promises', new PromiseCarrier()],
  ['by Node', new AsyncLocalStorage()],
])('a context carried %s', (_way, carrier) => {
  const seen = (): string => carrier.getStore() ?? 'none';

  it('is there for what runs inside, and gone after it', async () => {
    const inside = carrier.run('a', async () => {
      const before = seen();
      await turn();
      return [before, seen()];
    });
    expect(seen()).toBe('none');
    expect(await inside).toEqual(['a', 'a']);
    expect(seen()).toBe('none');
  });

  it('is not seen by what runs meanwhile', async () => {
    const steps = async (name: string): Promise<string[]> => {
      const found: string[] = [];
      for (let step = 0; step < 5; step++) {
        await (step % 2 ? turn() : Promise.resolve());
        found.push(seen());
      }
      return found.filter((one) => one !== name);
    };
    const names = Array.from({ length: 20 }, (_, number) => `request ${number}`);
    const strangers = await Promise.all(names.map((name) => carrier.run(name, () => steps(name))));
    expect(strangers.flat()).toEqual([]);
    expect(await steps('none')).toEqual([]);
  });

  it('stays with those who wait, whoever ends the wait', async () => {
    const emitter = new EventEmitter();
    let release: (() => void) | undefined;
    const waiting = carrier.run('waiter', async () => {
      await new Promise<void>((resolve) => (release = resolve));
      const first = seen();
      await once(emitter, 'done');
      return [first, seen()];
    });
    await carrier.run('other', async () => {
      await turn();
      release!();
      await turn();
      emitter.emit('done');
    });
    expect(await waiting).toEqual(['waiter', 'waiter']);
  });

  it('belongs to the one who says what comes next, not to the one who is waited for', async () => {
    const work = carrier.run('worker', () => sleep(1, 'done'));
    const next = carrier.run('caller', () => work.then(() => seen()));
    expect(await next).toBe('caller');
    expect(await work.then(() => seen())).toBe('none');
  });

  it('gives way to a nearer one, and comes back when that ends or fails', async () => {
    const found = await carrier.run('outer', async () => {
      const inner = await carrier.run('inner', async () => {
        await turn();
        return seen();
      });
      const between = seen();
      await carrier.run('failing', () => Promise.reject(new Error('wanted'))).catch(() => undefined);
      expect(() =>
        carrier.run('throwing', () => {
          throw new Error('wanted');
        }),
      ).toThrow('wanted');
      return [inner, between, seen()];
    });
    expect(found).toEqual(['inner', 'outer', 'outer']);
  });

  it('survives thenables, generators and finally', async () => {
    const found = await carrier.run('a', async () => {
      const all: string[] = [];
      await { then: (resolve: () => void): void => void setImmediate(resolve) };
      all.push(seen());
      const numbers = (async function* (): AsyncGenerator<string> {
        await turn();
        yield seen();
        yield seen();
      })();
      for await (const one of numbers) all.push(one, seen());
      await sleep(1).finally(() => all.push(seen()));
      return all;
    });
    expect(new Set(found)).toEqual(new Set(['a']));
    expect(found).toHaveLength(6);
  });
});
