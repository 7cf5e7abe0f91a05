import { isStorableJson, isTooDeep } from './json-limits.js';

const nested = (depth: number): unknown => JSON.parse('['.repeat(depth) + ']'.repeat(depth));

describe('JSON that is to be stored', () => {
  it('is what the database can give back, in keys and values', () => {
    expect(isStorableJson({ a: ['ok', 1, null, { b: 'ü😀' }] })).toBe(true);
    expect(isStorableJson({ a: [{ b: 'x\0y' }] })).toBe(false);
    expect(isStorableJson({ 'k\0': 1 })).toBe(false);
    expect(isStorableJson({ a: '\ud800' })).toBe(false);
  });

  it('is not nested without end', () => {
    expect([isTooDeep(nested(100)), isTooDeep(nested(101))]).toEqual([false, true]);
    expect(isStorableJson(nested(200_000))).toBe(false);
  });
});
