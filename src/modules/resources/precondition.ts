import { versionMismatch } from './resources.errors.js';

/** What a writer asks of the version that is there, as `If-Match` and `If-None-Match` say it; absent: nothing. */
export interface Precondition {
  match?: string;
  noneMatch?: string;
}

/** Throws unless the version that is there, null for none, is one that the writer reckons with. */
export function requireVersion({ match, noneMatch }: Precondition, version: string | null): void {
  const wanted = match === undefined || names(match, version);
  const unwanted = noneMatch !== undefined && names(noneMatch, version);
  if (!wanted || unwanted) throw versionMismatch(version);
}

export function toETag(version: string): string {
  return `"${version}"`;
}

function names(tags: string, version: string | null): boolean {
  if (version === null) return false;
  return tags.split(',').some((tag) => tag.trim() === '*' || tag.trim() === toETag(version));
}
