import { createHash, randomBytes } from 'node:crypto';

const KEY = /^[0-9a-f]{40}$/;

/** A new key: 40 lower-case hex characters, from 160 random bits. */
export function newApiKey(): string {
  return randomBytes(20).toString('hex');
}

/** How a key is stored and found, whatever the case it was typed in; null when it cannot be one. */
export function hashApiKey(key: string): string | null {
  const canonical = key.toLowerCase();
  return KEY.test(canonical) ? createHash('sha256').update(canonical).digest('hex') : null;
}
