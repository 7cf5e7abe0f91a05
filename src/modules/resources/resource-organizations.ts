import { Injectable } from '@nestjs/common';
import type { Identity } from '../../auth/identity.js';
import { Settings } from '../../config/settings.js';
import { MAIN_WORKSPACE, WorkspacesService } from '../workspaces/index.js';
import type { ContextNames, ResourceContext } from './place.js';
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

  /** The names with an organization that is the caller's; without one, it is their workspace. */
  async contextOf(identity: Identity, names: ContextNames): Promise<ResourceContext> {
    const organization = names.organization ?? (await this.workspaces.nameOf(identity.workspaceId));
    if (!(await this.belongs(organization, identity))) throw organizationForbidden();
    return { ...names, organization };
  }

  /** Whether the organization, in lower case, is the caller's. */
  async belongs(organization: string, { workspaceId }: Identity): Promise<boolean> {
    const named = await this.workspaces.findId(organization);
    if (named !== null) return named === workspaceId;
    const { organizationNames } = this.settings;
    const known = organizationNames.length === 0 || organizationNames.includes(organization);
    return workspaceId === MAIN_WORKSPACE.id && known;
  }
}
