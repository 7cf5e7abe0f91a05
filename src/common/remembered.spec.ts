import { Remembered } from './remembered.js';

describe('what is remembered', () => {
  afterEach(() => jest.restoreAllMocks());

  it('is given again, as it was last', () => {
    const remembered = new Remembered<number>();
    expect(remembered.get('a')).toBeUndefined();
    remembered.set('a', 1);
    remembered.set('a', 2);
    expect(remembered.get('a')).toBe(2);
    remembered.delete('a');
    expect(remembered.get('a')).toBeUndefined();
  });

  it('counts for so long and no longer', () => {
    let now = 1_000;
    jest.spyOn(performance, 'now').mockImplementation(() => now);
    const remembered = new Remembered<number>({ ms: 60 });
    remembered.set('a', 1);
    now = 1_060;
    expect(remembered.get('a')).toBe(1);
    now = 1_061;
    expect(remembered.get('a')).toBeUndefined();
    remembered.set('a', 2);
    expect(remembered.get('a')).toBe(2);
  });

  it('is bounded: what was set longest ago is forgotten first', () => {
    const remembered = new Remembered<number>({ most: 2 });
    remembered.set('a', 1);
    remembered.set('b', 2);
    remembered.set('a', 3);
    remembered.set('c', 4);
    expect(['a', 'b', 'c'].map((key) => remembered.get(key))).toEqual([3, undefined, 4]);
  });
});
