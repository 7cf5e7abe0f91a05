import type { Identity } from '../../auth/identity.js';
import type { Settings } from '../../config/settings.js';
import type { WorkspacesService } from '../workspaces/index.js';
import { ResourceOrganizations } from './resource-organizations.js';

const ids: Record<string, number> = { main: 1, acme: 2 };
const workspaces = {
  findId: (name: string) => Promise.resolve(ids[name] ?? null),
} as unknown as WorkspacesService;
const of = (workspaceId: number): Identity => ({ kind: 'member', memberId: 7, workspaceId, administrator: false });
const NOWHERE = { project: null, world: null, launchContext: null };

/** What an organization is for somebody of a workspace: the workspace itself, another name of it, or not theirs. */
async function meaning(workspaceId: number, organization: string | null, ...organizationNames: string[]) {
  const organizations = new ResourceOrganizations(workspaces, { organizationNames } as unknown as Settings);
  try {
    const context = await organizations.contextOf(of(workspaceId), { organization, ...NOWHERE });
    expect(await organizations.belongs(context, of(workspaceId))).toBe(true);
    return context.organization ?? 'the workspace';
  } catch (error) {
    expect(error).toMatchObject({ code: 'resource.organization_forbidden' });
    if (organization !== null) expect(await organizations.belongs({ organization }, of(workspaceId))).toBe(false);
    return 'refused';
  }
}

describe('an organization', () => {
  it.each([
    [1, null, 'the workspace'],
    [1, 'main', 'the workspace'],
    [1, 'test', 'test'],
    [1, 'acme', 'refused'],
    [2, null, 'the workspace'],
    [2, 'acme', 'the workspace'],
    [2, 'main', 'refused'],
    [2, 'test', 'refused'],
  ])('for a member of workspace %s: %s is %s', async (workspaceId, organization, expected) => {
    expect(await meaning(workspaceId, organization)).toBe(expected);
  });

  it('is one of those that the settings list, if they list any', async () => {
    expect(await meaning(1, 'test', 'test', 'acme')).toBe('test');
    expect(await meaning(1, 'other', 'test', 'acme')).toBe('refused');
    expect(await meaning(1, 'acme', 'test', 'acme')).toBe('refused');
    expect(await meaning(1, 'main', 'test')).toBe('the workspace');
    expect(await meaning(2, 'test', 'test')).toBe('refused');
  });
});
