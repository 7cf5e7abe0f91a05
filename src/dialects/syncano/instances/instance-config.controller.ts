import { Body, Get, Patch, Put } from '@nestjs/common';
import type { JsonObject } from '../../../common/json.js';
import { WorkspaceAdministration } from '../../../modules/accounts/index.js';
import { WorkspacesService } from '../../../modules/workspaces/index.js';
import { type Caller, CurrentCaller } from '../callers.js';
import { InstanceController } from '../syncano.controllers.js';
import { forbidden } from '../wire/errors.js';
import { Form } from '../wire/form.js';

const MAX_SIZE = 32_768;

/** What the administrators of an instance keep for its programs: one JSON object, replaced as a whole. */
@InstanceController('/snippets/config')
export class InstanceConfigController {
  constructor(
    private readonly workspaces: WorkspacesService,
    private readonly administration: WorkspaceAdministration,
  ) {}

  @Get()
  async get(@CurrentCaller() { identity, instance }: Caller): Promise<JsonObject> {
    if (identity.kind !== 'account') throw forbidden();
    return { config: await this.workspaces.configOf(instance.id) };
  }

  @Put()
  put(@CurrentCaller() caller: Caller, @Body() body: unknown): Promise<JsonObject> {
    return this.change(caller, body);
  }

  @Patch()
  async change(@CurrentCaller() { identity }: Caller, @Body() body: unknown): Promise<JsonObject> {
    if (identity.kind !== 'account') throw forbidden();
    const form = new Form(body);
    const config = form.json('config') ?? {};
    if (JSON.stringify(config).length > MAX_SIZE) form.fail('config', 'Config maximum size exceeded.');
    form.check();
    await this.administration.change(identity, { config });
    return { config };
  }
}
