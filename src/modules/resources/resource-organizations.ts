import { Injectable } from '@nestjs/common';
import type { Identity } from '../../auth/identity.js';
import { Settings } from '../../config/settings.js';
import { MAIN_WORKSPACE, WorkspacesService } from '../workspaces/index.js';
import type { ContextNames, Place, ResourceContext } from './place.js';
import { organizationForbidden } from './resources.errors.js';

/**
 * Knows whose an organization is: it is a workspace, by the same name. Only the workspace `main`, which nobody who has no
 * other need know of, also goes by every name that is no other workspace's, so that clients can bring a name of their own.
 */
@Injectable()
export class ResourceOrganizations {
  constructor(
    private readonly workspaces: WorkspacesService,
    private readonly settings: Settings,
  ) {}

  /** Where the caller is; without an organization, that is their workspace. */
  async contextOf(identity: Identity, names: ContextNames): Promise<ResourceContext> {
    const { organization } = names;
    const named = organization === null ? identity.workspaceId : await this.workspaces.findId(organization);
    if (named === identity.workspaceId) return { ...names, organization: null };
    if (named !== null || !this.mayBeCalled(organization!, identity)) throw organizationForbidden();
    return names;
  }

  /** Whether the organization of a place is the caller's. A workspace stands in no place by its name, which may change. */
  async belongs({ organization }: Pick<Place, 'organization'>, identity: Identity): Promise<boolean> {
    if (organization === null) return true;
    return this.mayBeCalled(organization, identity) && (await this.workspaces.findId(organization)) === null;
  }

  private mayBeCalled(organization: string, { workspaceId }: Identity): boolean {
    const { organizationNames } = this.settings;
    const known = organizationNames.length === 0 || organizationNames.includes(organization);
    return workspaceId === MAIN_WORKSPACE.id && known;
  }
}
