import type { JsonObject } from './json.js';

/** What went wrong in the words of the domain; each door (HTTP, sockets) chooses its own status from it. */
export type DomainErrorKind =
  | 'invalid'
  | 'unauthorized'
  | 'forbidden'
  | 'not_found'
  | 'conflict'
  | 'outdated'
  | 'unprocessable'
  | 'too_large'
  | 'rate_limited'
  | 'unavailable'
  | 'internal';

export interface DomainErrorOptions {
  status?: DomainErrorKind;
  details?: JsonObject;
  retryable?: boolean;
  cause?: unknown;
}

const RETRYABLE_KINDS: readonly DomainErrorKind[] = ['unavailable', 'rate_limited'];

/** The one error that services throw: a stable code for programs, a sentence for people, nothing secret in either. */
export class DomainError extends Error {
  readonly code: string;
  readonly kind: DomainErrorKind;
  readonly details: JsonObject | null;
  /** The same call may succeed later without a change on the caller's side. */
  readonly retryable: boolean;

  constructor(code: string, message: string, options: DomainErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'DomainError';
    this.code = code;
    this.kind = options.status ?? 'invalid';
    this.details = options.details ?? null;
    this.retryable = options.retryable ?? RETRYABLE_KINDS.includes(this.kind);
  }
}

/** What is known of an error before anybody throws it. */
export interface KnownError {
  readonly code: string;
  readonly kind: DomainErrorKind;
}

/** Makes one error, of which a route can say beforehand that it may come. */
export interface ErrorDefinition<Args extends unknown[] = []> extends KnownError {
  (...args: Args): DomainError;
}

interface Factory {
  (code: string, message: string, details?: JsonObject): DomainError;
  /** What differs from one time to the next is made of the arguments with which the error is thrown. */
  define<Args extends unknown[] = []>(
    code: string,
    message: string | ((...args: Args) => string),
    details?: JsonObject | ((...args: Args) => JsonObject | null),
  ): ErrorDefinition<Args>;
}

function factory(status: DomainErrorKind): Factory {
  const make = (code: string, message: string, details?: JsonObject): DomainError =>
    new DomainError(code, message, { status, details });
  const define = <Args extends unknown[]>(
    code: string,
    message: string | ((...args: Args) => string),
    details?: JsonObject | ((...args: Args) => JsonObject | null),
  ): ErrorDefinition<Args> => {
    const thrown = (...args: Args): DomainError => {
      const own = typeof details === 'function' ? details(...args) : details;
      return make(code, typeof message === 'function' ? message(...args) : message, own ?? undefined);
    };
    return Object.assign(thrown, { code, kind: status });
  };
  return Object.assign(make, { define });
}

export const invalid = factory('invalid');
export const unauthorized = factory('unauthorized');
export const forbidden = factory('forbidden');
export const notFound = factory('not_found');
export const conflict = factory('conflict');
/** The caller says which state the change is meant for, and it is not the one that is there. */
export const outdated = factory('outdated');
/** Well said and allowed, but this thing is not one with which it can be done. */
export const unprocessable = factory('unprocessable');
export const tooLarge = factory('too_large');
export const rateLimited = factory('rate_limited');
export const unavailable = factory('unavailable');
