import type { JsonObject, JsonValue } from '../../common/json.js';
import { mergePatch } from './merge-patch.js';

describe('merging a patch', () => {
  /** The examples in the appendix of RFC 7396: what was there, the patch, what comes of it. */
  const EXAMPLES: [string, string, string][] = [
    ['{"a":"b"}', '{"a":"c"}', '{"a":"c"}'],
    ['{"a":"b"}', '{"b":"c"}', '{"a":"b","b":"c"}'],
    ['{"a":"b"}', '{"a":null}', '{}'],
    ['{"a":"b","b":"c"}', '{"a":null}', '{"b":"c"}'],
    ['{"a":["b"]}', '{"a":"c"}', '{"a":"c"}'],
    ['{"a":"c"}', '{"a":["b"]}', '{"a":["b"]}'],
    ['{"a":{"b":"c"}}', '{"a":{"b":"d","c":null}}', '{"a":{"b":"d"}}'],
    ['{"a":[{"b":"c"}]}', '{"a":[1]}', '{"a":[1]}'],
    ['["a","b"]', '["c","d"]', '["c","d"]'],
    ['{"a":"b"}', '["c"]', '["c"]'],
    ['{"a":"foo"}', 'null', 'null'],
    ['{"a":"foo"}', '"bar"', '"bar"'],
    ['{"e":null}', '{"a":1}', '{"e":null,"a":1}'],
    ['[1,2]', '{"a":"b","c":null}', '{"a":"b"}'],
    ['{}', '{"a":{"bb":{"ccc":null}}}', '{"a":{"bb":{}}}'],
  ];

  it.each(EXAMPLES)('%s and %s', (target, patch, merged) => {
    expect(mergePatch(JSON.parse(target) as JsonValue, JSON.parse(patch) as JsonValue)).toEqual(JSON.parse(merged));
  });

  it('a key such as __proto__ is a key', () => {
    const patch = JSON.parse('{"__proto__":{"admin":true},"constructor":1}') as JsonValue;
    expect(JSON.stringify(mergePatch({}, patch))).toBe('{"__proto__":{"admin":true},"constructor":1}');
    expect(({} as JsonObject).admin).toBeUndefined();
  });

  it('for random values: a second time changes nothing, and what was there stays as it was', () => {
    for (let round = 0; round < 2_000; round += 1) {
      const [target, patch] = [randomJson(3), randomJson(3)];
      const before = JSON.stringify(target);
      const once = mergePatch(target, patch);
      expect(mergePatch(once, patch)).toEqual(once);
      expect(JSON.stringify(target)).toBe(before);
    }
  });
});

function randomJson(depth: number): JsonValue {
  const pick = Math.floor(Math.random() * (depth > 0 ? 6 : 4));
  if (pick < 4) return [null, true, 'text', Math.floor(Math.random() * 10)][pick]!;
  const inside = Array.from({ length: Math.floor(Math.random() * 4) }, () => randomJson(depth - 1));
  if (pick === 4) return inside;
  return Object.fromEntries(inside.map((value) => ['abcd'[Math.floor(Math.random() * 4)]!, value]));
}
