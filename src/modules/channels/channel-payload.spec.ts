import { payloadObject } from './channel-payload.js';

const nested = (levels: number): object => {
  let value: object = {};
  for (let level = 1; level < levels; level++) value = level % 2 === 0 ? [value] : { value };
  return { value };
};

describe('a payload', () => {
  it.each([null, 5, 'text', true, [1], undefined])('%j is no JSON object', (value) => {
    expect(payloadObject.safeParse(value).success).toBe(false);
  });

  it('may be nested a hundred levels deep, and not deeper', () => {
    expect(payloadObject.safeParse(nested(99)).success).toBe(true);
    expect(payloadObject.safeParse(nested(100)).success).toBe(false);
    expect(payloadObject.safeParse(nested(50_000)).success).toBe(false);
  });

  it('keeps its keys, whatever they are called', () => {
    const payload = { prototype: 1, constructor: 'Acme', toString: null, '': [{ id: 1 }] };
    expect(payloadObject.parse(payload)).toEqual(payload);
  });
});
