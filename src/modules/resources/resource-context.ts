import { type ContextNames, isContextName, toOrganization } from './place.js';
import { contextAmbiguous, contextInvalid, projectRequired } from './resources.errors.js';

type Headers = Readonly<Record<string, string | string[] | undefined>>;

/** The headers by which a caller says where they are; each has two spellings. */
export const CONTEXT_HEADERS = {
  organization: ['x-m2-organization', 'x-m2-organization-id'],
  project: ['x-m2-project', 'x-m2-project-id'],
  world: ['x-m2-world', 'x-m2-world-id'],
  launchContext: ['x-m2-launch-context', 'x-m2-launch-context-id'],
} as const satisfies Record<keyof ContextNames, readonly [string, string]>;

/** Reads the names that headers give. */
export function readContext(headers: Headers): ContextNames {
  const organization = readName(headers, 'organization');
  const names = {
    organization: organization && toOrganization(organization),
    project: readName(headers, 'project'),
    world: readName(headers, 'world'),
    launchContext: readName(headers, 'launchContext'),
  };
  if (names.project === null && (names.world ?? names.launchContext) !== null) throw projectRequired();
  return names;
}

function readName(headers: Headers, name: keyof ContextNames): string | null {
  const given = CONTEXT_HEADERS[name].map((header) => headers[header]).filter((value) => value !== undefined);
  const [value, ...others] = given.flat().map((one) => one.trim());
  if (value === undefined) return null;
  if (others.some((other) => other !== value)) throw contextAmbiguous(CONTEXT_HEADERS[name][0]);
  if (!isContextName(value)) throw contextInvalid(CONTEXT_HEADERS[name][0]);
  return value;
}
