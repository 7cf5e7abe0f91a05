import { setTimeout as pause } from 'node:timers/promises';
import { createLocalJWKSet, createRemoteJWKSet, errors, type JWTVerifyGetKey } from 'jose';
import { issuerUnavailable } from './auth.errors.js';

const FETCH_TIMEOUT_MS = 5_000;
/** Keys are read again after this time, so that one which the issuer has withdrawn stops. */
const FRESH_MS = 600_000;
/** Keys that nobody knows make us ask, but no more often than this. */
const ASK_AGAIN_MS = 1_000;

type Key = Awaited<ReturnType<JWTVerifyGetKey>>;

/**
 * The public keys of the other issuer. A key that is known works without asking, also while the issuer is away; a key
 * that is not makes us ask, which is how a rotation is noticed.
 */
export class IssuerKeys {
  private readonly remote: ReturnType<typeof createRemoteJWKSet>;
  private local: JWTVerifyGetKey | null = null;
  private askedAt = -Infinity;
  private asking: Promise<void> | null = null;
  private failed = false;

  constructor(url: string) {
    this.remote = createRemoteJWKSet(new URL(url), { timeoutDuration: FETCH_TIMEOUT_MS, cacheMaxAge: FRESH_MS });
  }

  readonly find: JWTVerifyGetKey = async (...tokenParts) => {
    const known = await this.known(...tokenParts);
    if (known) {
      if (!this.remote.fresh) void this.ask();
      return known;
    }
    await this.ask();
    const found = await this.known(...tokenParts);
    if (found) return found;
    // An issuer that cannot be asked may well have issued it.
    if (this.failed) throw issuerUnavailable();
    throw new errors.JWKSNoMatchingKey();
  };

  private async known(...tokenParts: Parameters<JWTVerifyGetKey>): Promise<Key | null> {
    try {
      return this.local ? await this.local(...tokenParts) : null;
    } catch (error) {
      if (error instanceof errors.JWKSNoMatchingKey) return null;
      throw error;
    }
  }

  /** One question at a time, for all who want to know. */
  private ask(): Promise<void> {
    this.asking ??= this.askNow().finally(() => (this.asking = null));
    return this.asking;
  }

  private async askNow(): Promise<void> {
    const wait = this.askedAt + ASK_AGAIN_MS - performance.now();
    if (wait > 0) await pause(wait);
    try {
      await this.remote.reload();
      this.local = createLocalJWKSet(this.remote.jwks()!);
      this.failed = false;
    } catch {
      this.failed = true;
    }
    this.askedAt = performance.now();
  }
}
