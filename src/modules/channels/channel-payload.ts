import { z } from 'zod';
import type { JsonObject } from '../../common/json.js';

/** Far more than any message needs, and far less than what makes a serialiser run out of stack. */
const MAX_DEPTH = 100;

/** What somebody publishes: any JSON object, kept as it came. */
export const payloadObject = z
  .record(z.string(), z.unknown())
  .refine((payload) => !isDeeperThan(payload, MAX_DEPTH), `must not be nested deeper than ${MAX_DEPTH} levels`)
  .transform((payload) => payload as JsonObject);

/** Looks at one level after the other, because a value made to be too deep for recursion must not end the check itself. */
function isDeeperThan(value: object, depth: number): boolean {
  let level: object[] = [value];
  for (let left = depth; level.length > 0; left--) {
    if (left === 0) return true;
    level = level.flatMap((parent) => Object.values(parent).filter(isContainer));
  }
  return false;
}

function isContainer(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}
