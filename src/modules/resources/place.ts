/** How far a document reaches: the same key in two worlds is two documents, unless it belongs to what is above them. */
export const SCOPES = ['organization', 'project', 'launch_context', 'world'] as const;
export type Scope = (typeof SCOPES)[number];

/** Names as a caller gives them; null for what they do not name. */
export interface ContextNames {
  organization: string | null;
  project: string | null;
  world: string | null;
  launchContext: string | null;
}

/** The names of a caller, of whom it is known that the organization is theirs. */
export interface ResourceContext extends ContextNames {
  /** Null for the workspace itself, by whatever name it goes now. */
  organization: string | null;
}

/** Where something is. What is inside the scope is null: a project has many worlds. */
export interface Place extends ResourceContext {
  scope: Scope;
}

/** Who does not name a project, a world or a launch context means this one. */
const DEFAULT_NAME = 'default';
/** How an address says that the organization is the workspace. */
const OWN = '~';
const NAME = /^[\w.-][\w.~-]{0,127}$/;

export function isContextName(name: string): boolean {
  return NAME.test(name);
}

/** The form in which the names of organizations are compared. */
export function toOrganization(name: string): string {
  return name.toLowerCase();
}

/** What a scope means where the caller is. */
export function placeIn({ organization, project, world, launchContext }: ResourceContext, scope: Scope): Place {
  return {
    scope,
    organization,
    project: scope === 'organization' ? null : (project ?? DEFAULT_NAME),
    world: scope === 'world' ? (world ?? DEFAULT_NAME) : null,
    launchContext: scope === 'launch_context' ? (launchContext ?? DEFAULT_NAME) : null,
  };
}

/** One segment of an address: `~`, `~:demo` or `acme:demo:world-1`. */
export function placeText({ organization, project, world, launchContext }: Place): string {
  return [organization ?? OWN, project, world ?? launchContext].filter((name) => name !== null).join(':');
}

/** Reads it back; null when it is no place of this scope. */
export function readPlace(scope: Scope, text: string): Place | null {
  const names = text.split(':');
  const wanted = { organization: 1, project: 2, launch_context: 3, world: 3 }[scope];
  if (names.length !== wanted || !names.every((name, index) => isContextName(name) || (index === 0 && name === OWN)))
    return null;
  const [organization, project = null, innermost = null] = names as [string, string?, string?];
  const world = scope === 'world' ? innermost : null;
  const launchContext = scope === 'launch_context' ? innermost : null;
  return {
    scope,
    organization: organization === OWN ? null : toOrganization(organization),
    project,
    world,
    launchContext,
  };
}
