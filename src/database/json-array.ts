/**
 * JSON documents as one parameter of the type text[], null for none. node-postgres would search each of them twice for
 * what has to be escaped; in JSON that is what JSON itself escapes, because it holds no control characters.
 */
export function jsonArray(documents: readonly (object | null | undefined)[]): string {
  const elements = documents.map((document) => (document ? JSON.stringify(JSON.stringify(document)) : 'NULL'));
  return `{${elements.join()}}`;
}
