import { types } from 'node:util';
import { DomainError } from './domain-error.js';

/** Socket level codes: the peer is not there, or went away. */
const NETWORK_CODES = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ENOENT',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ETIMEDOUT',
]);

/** SQLSTATEs that say "later": shutdown and start-up, too many connections, time limits, deadlocks, serialisation. */
const LATER_STATES = new Set([
  '57P01',
  '57P02',
  '57P03',
  '53300',
  '57014',
  '55P03',
  '40001',
  '40P01',
  '25P03',
  '57P05',
]);

/** node-postgres reports some losses by message only. */
const LOST_MESSAGES =
  /^(connection terminated|timeout exceeded when trying to connect|client has encountered a connection error|query read timeout|cannot use a pool after calling end|client was closed)/i;

interface ConnectionError extends Error {
  code?: unknown;
  syscall?: unknown;
  driverError?: unknown;
  /** Of all addresses of a name that were tried. */
  errors?: unknown[];
}

function means503(error: unknown): boolean {
  // Not `instanceof`: an error of the network may come from another realm than ours.
  if (!types.isNativeError(error)) return false;
  const { code, syscall, driverError, errors } = error as ConnectionError;
  if (Array.isArray(errors)) return errors.some(means503);
  if (typeof code === 'string') {
    // A missing file is no missing service: network codes count only on network calls.
    if (NETWORK_CODES.has(code)) return code !== 'ENOENT' || syscall === 'connect';
    if (LATER_STATES.has(code) || code.startsWith('08')) return true;
  }
  if (LOST_MESSAGES.test(error.message)) return true;
  return means503(driverError);
}

/** A database or Redis that is away becomes one retryable error; everything else is none of our business and gives null. */
export function asUnavailable(error: unknown): DomainError | null {
  return means503(error) ? serviceUnavailable(error) : null;
}

/** Whether the same may succeed later without anybody's doing: whoever can wait, may. */
export function isUnavailable(error: unknown): boolean {
  return (error instanceof DomainError && error.kind === 'unavailable') || means503(error);
}

export function serviceUnavailable(cause?: unknown): DomainError {
  return new DomainError('service.unavailable', 'The service is not available at the moment, try again', {
    status: 'unavailable',
    retryable: true,
    cause,
  });
}
