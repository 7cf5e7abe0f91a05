import type { Parameter } from './lone-statement.js';

const SPECIAL = /["\\]/;
const ALL_SPECIAL = /["\\]/g;

/**
 * Values as one parameter of an array type. node-postgres would do the same, but searches every text twice for what
 * has to be escaped, and hardly any has something.
 */
export function arrayLiteral(values: readonly Parameter[]): string {
  return `{${values.map(element).join()}}`;
}

/** What no JSON contains as it is. */
const SEPARATOR = '\u001e';

/** JSON documents as one parameter of the type text, none as null; `jsonRows` is what the statement makes of it. */
export function jsonList(documents: readonly (object | null | undefined)[]): string {
  return jsonTextList(documents.map((document) => document && JSON.stringify(document)));
}

/** The same for documents that are texts already. In an array they would have to be searched, escaped and read again. */
export function jsonTextList(texts: readonly (string | null | undefined)[]): string {
  return texts.join(SEPARATOR);
}

/** SQL: a row of text for each document of such a list, in order; `ROWS FROM` adds what is missing of empty ones. */
export function jsonRows(parameter: string): string {
  return `unnest(string_to_array(${parameter}::text, E'\\x1e', ''))`;
}

function element(value: Parameter): string {
  if (value === null || value === undefined) return 'NULL';
  if (typeof value !== 'string') return String(value);
  return `"${SPECIAL.test(value) ? value.replace(ALL_SPECIAL, '\\$&') : value}"`;
}
