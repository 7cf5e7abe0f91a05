import { isStorable } from './text.js';

/** Far more than anybody needs, and far less than what makes a serialiser run out of stack. */
export const MAX_DEPTH = 100;

/** Looks at one level after the other, because a value made to be too deep for recursion must not end the check itself. */
export function isTooDeep(value: unknown): boolean {
  let level: object[] = [value].filter(isContainer);
  for (let left = MAX_DEPTH; level.length > 0; left--) {
    if (left === 0) return true;
    level = level.flatMap((parent) => Object.values(parent).filter(isContainer));
  }
  return false;
}

/** Whether PostgreSQL can keep the value as jsonb, which takes neither NUL nor half a surrogate pair, anywhere. */
export function isStorableJson(value: unknown): boolean {
  if (isTooDeep(value)) return false;
  let storable = true;
  JSON.stringify(value, (key, inner: unknown) => {
    storable &&= isStorable(key) && (typeof inner !== 'string' || isStorable(inner));
    return inner;
  });
  return storable;
}

function isContainer(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}
