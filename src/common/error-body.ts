import type { DomainError } from './domain-error.js';
import type { JsonObject } from './json.js';

/** The one shape in which every door reports an error. */
export interface ErrorBody {
  error: { code: string; message: string; details: JsonObject | null };
}

export function errorBody(error: Pick<DomainError, 'code' | 'message' | 'details'>): ErrorBody {
  return { error: { code: error.code, message: error.message, details: error.details } };
}
