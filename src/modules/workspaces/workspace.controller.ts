import { Body, Controller, Get, Patch } from '@nestjs/common';
import { ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { accessErrors, AccessPolicy } from '../../access/access-policy.js';
import { CurrentIdentity } from '../../auth/auth.decorators.js';
import type { Identity } from '../../auth/identity.js';
import { Throws } from '../../common/http/throws.js';
import { type ChangeWorkspace, changeWorkspaceSchema, toWorkspaceView, workspaceSchema } from './workspace.view.js';
import type { WorkspaceThing } from './workspaces.access.js';
import { workspaceNotFound } from './workspaces.errors.js';
import { WorkspacesService } from './workspaces.service.js';

const workspace: WorkspaceThing = { kind: 'workspace' };

/** REST for the workspace that the caller is in. */
@ApiTags('workspace')
@Throws(...accessErrors('workspace'), workspaceNotFound)
@Controller('api/workspace')
export class WorkspaceController {
  constructor(
    private readonly workspaces: WorkspacesService,
    private readonly policy: AccessPolicy,
  ) {}

  @Get()
  @ApiOkResponse({ standardSchema: workspaceSchema })
  async get(@CurrentIdentity() identity: Identity) {
    await this.policy.require(identity, 'read', workspace);
    return toWorkspaceView(await this.workspaces.get(identity.workspaceId));
  }

  @Patch()
  @ApiOkResponse({ standardSchema: workspaceSchema })
  async change(@CurrentIdentity() identity: Identity, @Body({ schema: changeWorkspaceSchema }) body: ChangeWorkspace) {
    await this.policy.require(identity, 'update', workspace);
    const { member_channels: memberChannels } = body;
    const changes = memberChannels === undefined ? {} : { memberChannels };
    return toWorkspaceView(await this.workspaces.change(identity.workspaceId, changes));
  }
}
