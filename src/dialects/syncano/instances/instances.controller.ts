import { Body, Delete, Get, HttpCode, Patch, Post, Put, Query, Req, UseGuards } from '@nestjs/common';
import type { WorkspaceRoleName } from '../../../auth/identity.js';
import { ApiKeyDirectory } from '../../../auth/identity-directory.js';
import type { JsonObject } from '../../../common/json.js';
import type { IdStretch } from '../../../common/paging.js';
import { type Account, WorkspaceAdministration } from '../../../modules/accounts/index.js';
import { type Workspace, type WorkspaceDetails, WorkspacesService } from '../../../modules/workspaces/index.js';
import { AccountGuard, CurrentAccount } from '../account.guard.js';
import { type CalledRequest, type Caller, Callers, CurrentCaller } from '../callers.js';
import { InstanceController, WireController } from '../syncano.controllers.js';
import { credentialsOf } from '../wire/credentials.js';
import { forbidden } from '../wire/errors.js';
import { Form } from '../wire/form.js';
import { paths } from '../wire/links.js';
import { NAME_START, nameStart, pageOf, pageQuery, type Query as WireQuery, type WireList } from '../wire/lists.js';
import { instanceShape } from './instance.shape.js';

const NAME_RULES: [RegExp, string][] = [
  [/^[a-z]/, 'Value has to start with a letter.'],
  [/[a-z0-9]$/, 'Value has to end with a letter or a number.'],
  [/^.{5,}$/, 'Ensure this value has at least 5 characters.'],
  [/^.{0,64}$/, 'Ensure this value has at most 64 characters.'],
  [/^(?!.*--)[a-z0-9-]*$/, 'Enter a valid value consisting of letters, numbers and single hyphens.'],
];

const nameFaults = (name: string): string[] =>
  NAME_RULES.filter(([rule]) => !rule.test(name.toLowerCase())).map(([, message]) => message);

/** The instances of an administrator, or the one that an API key is for. */
@WireController('instances')
export class InstancesController {
  constructor(
    private readonly administration: WorkspaceAdministration,
    private readonly workspaces: WorkspacesService,
    private readonly callers: Callers,
    private readonly apiKeys: ApiKeyDirectory,
  ) {}

  @Post()
  @UseGuards(AccountGuard)
  async create(@CurrentAccount() account: Account, @Body() body: unknown) {
    const form = new Form(body);
    const name = form.text('name', { required: true, faults: nameFaults });
    const details = detailsIn(form);
    form.check();
    const wanted = { description: '', metadata: {}, ...details, name: name!.toLowerCase() };
    return instanceShape(await this.administration.create(account, wanted), account, 'owner');
  }

  @Get()
  async list(@Req() request: CalledRequest, @Query() query: WireQuery): Promise<WireList> {
    const account = await this.callers.account(request);
    const roles = account ? await this.administration.rolesOf(account) : await this.ownInstance(request);
    const source = { path: paths.instances, query, page: pageQuery(query), idOf: ({ id }: Workspace) => id };
    const ids = [...roles.keys()];
    const named = nameStart(query);
    const fetch = (stretch: IdStretch): Promise<Workspace[]> => this.workspaces.list(ids, { ...stretch, ...named });
    const page = await pageOf({ ...source, fetch, repeats: [NAME_START] });
    const owners = await this.administration.ownersOf(page.rows.map(({ id }) => id));
    const objects = page.rows.map((row) => instanceShape(row, owners.get(row.id), roles.get(row.id) ?? null));
    return { next: page.next, prev: page.prev, objects };
  }

  private async ownInstance(request: CalledRequest): Promise<Map<number, WorkspaceRoleName | null>> {
    const program = await this.apiKeys.findApiKey(credentialsOf(request).apiKey!);
    return new Map(program ? [[program.workspaceId, null]] : []);
  }
}

/** One instance. */
@InstanceController('')
export class InstanceDetailController {
  constructor(private readonly administration: WorkspaceAdministration) {}

  @Get()
  get(@CurrentCaller() caller: Caller): Promise<JsonObject> {
    return this.shape(caller, caller.instance);
  }

  @Put()
  put(@CurrentCaller() caller: Caller, @Body() body: unknown): Promise<JsonObject> {
    return this.change(caller, body);
  }

  /** The name is ignored: it has a route of its own. */
  @Patch()
  async change(@CurrentCaller() caller: Caller, @Body() body: unknown): Promise<JsonObject> {
    const { identity } = caller;
    if (identity.kind !== 'account') throw forbidden();
    const form = new Form(body);
    const changes = detailsIn(form);
    form.check();
    return this.shape(caller, await this.administration.change(identity, changes));
  }

  @Post('rename')
  @HttpCode(200)
  async rename(@CurrentCaller() caller: Caller, @Body() body: unknown): Promise<JsonObject> {
    const { identity } = caller;
    if (identity.kind !== 'account') throw forbidden();
    const form = new Form(body);
    const name = form.text('new_name', { required: true, faults: nameFaults });
    form.check();
    return this.shape(caller, await this.administration.change(identity, { name: name!.toLowerCase() }));
  }

  @Delete()
  @HttpCode(204)
  async remove(@CurrentCaller() { identity }: Caller): Promise<void> {
    if (identity.kind !== 'account') throw forbidden();
    await this.administration.remove(identity);
  }

  private async shape({ identity }: Caller, instance: Workspace): Promise<JsonObject> {
    const owners = await this.administration.ownersOf([instance.id]);
    return instanceShape(instance, owners.get(instance.id), identity.kind === 'account' ? identity.role : null);
  }
}

function detailsIn(form: Form): Partial<WorkspaceDetails> {
  const description = form.text('description', { blank: true, max: 256 });
  const metadata = form.json('metadata');
  return { ...(description !== undefined && { description }), ...(metadata && { metadata }) };
}
