import { createHash, createHmac, type KeyObject, randomBytes } from 'node:crypto';

const KEY = /^[0-9a-f]{40}$/;

/** What is stored of a key. Neither part, nor both, tell the key to somebody who has not the secret of the server. */
export interface KeptKey {
  salt: string;
  hash: string;
}

/** How a key is found, whatever the case it was typed in; null when it cannot be one. It is random, so a fast hash does. */
export function hashKey(key: string): string | null {
  const canonical = key.toLowerCase();
  return KEY.test(canonical) ? createHash('sha256').update(canonical).digest('hex') : null;
}

/**
 * Keys of 40 hex characters that can be shown again although they are stored nowhere: each is made of the secret of the
 * server and a random salt. When the secret has changed, a key still works but can no longer be shown.
 */
export class DerivedKeys {
  constructor(private readonly secret: KeyObject) {}

  make(): KeptKey & { key: string } {
    const salt = randomBytes(20).toString('hex');
    const key = this.derive(salt);
    return { key, salt, hash: hashKey(key)! };
  }

  /** The key itself; null when it was made with another secret. */
  recall({ salt, hash }: KeptKey): string | null {
    const key = this.derive(salt);
    return hashKey(key) === hash ? key : null;
  }

  private derive(salt: string): string {
    return createHmac('sha256', this.secret).update(`key ${salt}`).digest('hex').slice(0, 40);
  }
}
