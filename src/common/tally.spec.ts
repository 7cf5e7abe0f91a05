import { Spread, Tally } from './tally.js';

describe('the counters of the hot path', () => {
  it('count by label', () => {
    const tally = new Tally();
    tally.add('created');
    tally.add('created', 2);
    tally.add('deleted');
    expect([...tally.entries()]).toEqual([
      ['created', 3],
      ['deleted', 1],
    ]);
  });

  it('hold a bounded number of labels, whoever chooses them', () => {
    const tally = new Tally();
    for (let index = 0; index < 1_000; index += 1) tally.add(`label ${index}`);
    const entries = [...tally.entries()];
    expect(entries.length).toBeLessThanOrEqual(101);
    expect(entries.reduce((sum, [, count]) => sum + count, 0)).toBe(1_000);
    expect(new Map(entries).get('other')).toBe(900);
  });

  it('put a value under the first bound that is not below it', () => {
    const spread = new Spread([1, 10]);
    for (const value of [0, 1, 1.5, 10, 11]) spread.add(value);
    expect(spread.counts).toEqual([2, 2, 1]);
    expect(spread.sum).toBe(23.5);
  });
});
