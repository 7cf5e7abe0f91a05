import { LocalWindow } from './local-window.js';

describe('counting in this process', () => {
  it('lets the allowance through, then says how long to wait, then starts anew', () => {
    const window = new LocalWindow({ times: 3, windowSeconds: 10 });
    const hits = (now: number): number[] => [1, 2, 3, 4].map(() => window.hit('a', now));
    expect(hits(50_000)).toEqual([0, 0, 0, 10]);
    expect(window.hit('a', 58_500)).toBe(2);
    expect(window.hit('a', 59_999)).toBe(1);
    expect(hits(60_000)).toEqual([0, 0, 0, 10]);
  });

  it('counts every key by itself', () => {
    const window = new LocalWindow({ times: 1, windowSeconds: 1 });
    expect([window.hit('a', 0), window.hit('b', 0), window.hit('a', 1)]).toEqual([0, 0, 1]);
  });
});
