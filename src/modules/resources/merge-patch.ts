import { isObject, type JsonObject, type JsonValue } from '../../common/json.js';

/** What RFC 7396 makes of a value and a patch: objects are merged, null takes away, everything else replaces. */
export function mergePatch(target: JsonValue, patch: JsonValue): JsonValue {
  if (!isObject(patch)) return patch;
  const merged = new Map<string, JsonValue>(isObject(target) ? Object.entries(target) : []);
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) merged.delete(key);
    else merged.set(key, mergePatch(merged.get(key) ?? null, value));
  }
  // Unlike an assignment, this takes every key for a name.
  return Object.fromEntries(merged) as JsonObject;
}
