import { z } from 'zod';
import type { JsonObject } from '../../common/json.js';
import { isTooDeep, MAX_DEPTH } from '../../common/json-limits.js';

/** What somebody publishes: any JSON object, kept as it came. */
export const payloadObject = z
  .record(z.string(), z.unknown())
  .refine((payload) => !isTooDeep(payload), `must not be nested deeper than ${MAX_DEPTH} levels`)
  .transform((payload) => payload as JsonObject);
