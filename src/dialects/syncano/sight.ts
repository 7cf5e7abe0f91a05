import type { Identity } from '../../auth/identity.js';
import { DomainError } from '../../common/domain-error.js';
import type { Caller } from './callers.js';
import { forbidden, notFound, type WireError } from './wire/errors.js';

/**
 * For everybody else a thing that is missing and one that is not theirs look alike. This dialect tells them apart: 404
 * and 403. And it says who may not before it says what is wrong with the request.
 */
export abstract class Sight {
  /** What the feature says of both. */
  protected abstract readonly missingCode: string;

  async of<T>(caller: Caller, name: string, work: () => Promise<T>, missing: () => WireError = notFound): Promise<T> {
    const { identity, instance } = caller;
    requireReader(identity);
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof DomainError) || error.code !== this.missingCode) throw error;
      throw (await this.exists(instance.id, name)) ? forbidden() : missing();
    }
  }

  protected abstract exists(workspaceId: number, name: string): Promise<boolean>;
}

/** A program alone reads only when it is spared the checks, or may read what is open to all. */
export function requireReader(identity: Identity): void {
  if (identity.kind === 'api_key' && !identity.ignoreAcl && !identity.allowAnonymousRead) throw forbidden();
}

/** A program alone writes only when it is spared the checks. */
export function requireWriter(identity: Identity): void {
  if (identity.kind === 'api_key' && !identity.ignoreAcl) throw forbidden();
}

/** What `read` makes of a request; when the request is wrong, that is only said to those who pass `admit`. */
export async function readAfter<T>(admit: () => Promise<unknown>, read: () => T): Promise<T> {
  try {
    return read();
  } catch (error) {
    await admit();
    throw error;
  }
}
