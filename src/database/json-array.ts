/**
 * JSON documents as one parameter of the type text[], null for none. node-postgres would search each of them twice for
 * what has to be escaped; in JSON that is what JSON itself escapes, because it holds no control characters. `write` may leave out what the statement adds.
 */
export function jsonArray(
  documents: readonly (object | null | undefined)[],
  write: (document: object) => string = JSON.stringify,
): string {
  const elements = documents.map((document) => (document ? JSON.stringify(write(document)) : 'NULL'));
  return `{${elements.join()}}`;
}
