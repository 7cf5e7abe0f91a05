import { createSecretKey } from 'node:crypto';
import { DerivedKeys, hashKey } from './derived-keys.js';

const keys = new DerivedKeys(createSecretKey(Buffer.from('a secret of the server')));

describe('keys that can be shown again', () => {
  it('are 40 hex characters, each another one', () => {
    const made = [keys.make(), keys.make()];
    expect(made.map(({ key }) => key)).toEqual([expect.stringMatching(/^[0-9a-f]{40}$/), expect.any(String)]);
    expect(made[0]!.key).not.toBe(made[1]!.key);
  });

  it('are found in whatever case they are typed', () => {
    const { key, hash } = keys.make();
    expect(hashKey(key.toUpperCase())).toBe(hash);
    expect(hashKey(`${key}0`)).toBeNull();
  });

  it('can be shown by whoever has the secret, and by nobody else', () => {
    const { key, ...kept } = keys.make();
    expect(keys.recall(kept)).toBe(key);
    expect(new DerivedKeys(createSecretKey(Buffer.from('another secret'))).recall(kept)).toBeNull();
    expect(JSON.stringify(kept)).not.toContain(key);
  });
});
