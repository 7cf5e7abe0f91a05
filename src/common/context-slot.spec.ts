import { setImmediate as turn } from 'node:timers/promises';
import { ContextSlot } from './context-slot.js';

describe('slots of the context', () => {
  const name = new ContextSlot<string>();
  const number = new ContextSlot<number>();
  const seen = (): unknown[] => [name.get(), number.get()];

  it('know nothing of each other', async () => {
    const found = await name.run('a', async () => {
      await turn();
      const one = seen();
      const both = await number.run(1, async () => {
        await turn();
        return [seen(), name.run('b', seen), number.run(2, seen), name.run(undefined, seen)];
      });
      return [one, ...both, seen()];
    });
    expect(found).toEqual([
      ['a', undefined],
      ['a', 1],
      ['b', 1],
      ['a', 2],
      [undefined, 1],
      ['a', undefined],
    ]);
    expect(seen()).toEqual([undefined, undefined]);
  });

  it('hold what was put there last, however often one is put into the other', () => {
    const nested = (depth: number): unknown[] =>
      depth === 0 ? seen() : name.run(`name ${depth}`, () => number.run(depth, () => nested(depth - 1)));
    expect(nested(1_000)).toEqual(['name 1', 1]);
  });
});
