import { Body, Delete, Get, HttpCode, Param, Patch, Post, Put, Query } from '@nestjs/common';
import { AccessPolicy } from '../../../access/access-policy.js';
import { givenFields } from '../../../common/given-fields.js';
import type { JsonObject } from '../../../common/json.js';
import { type Group, GroupsService, type GroupThing } from '../../../modules/groups/index.js';
import { type Caller, CurrentCaller } from '../callers.js';
import { InstanceController } from '../syncano.controllers.js';
import { Form } from '../wire/form.js';
import { idIn } from '../wire/ids.js';
import { paths } from '../wire/links.js';
import { pageOf, pageQuery, type Query as WireQuery, type WireList } from '../wire/lists.js';
import { groupShape } from './group.shape.js';

const group = (id: number | null): GroupThing => ({ kind: 'group', id });

/** The groups of an instance. */
@InstanceController('/groups')
export class GroupsController {
  constructor(
    private readonly groups: GroupsService,
    private readonly policy: AccessPolicy,
  ) {}

  @Post()
  async create(@CurrentCaller() { instance, identity }: Caller, @Body() body: unknown): Promise<JsonObject> {
    await this.policy.require(identity, 'create', group(null));
    const { label, name = null, description = '' } = formIn(body, true);
    return groupShape(instance.name, await this.groups.create(instance.id, { label: label!, name, description }));
  }

  @Get()
  async list(@CurrentCaller() { instance }: Caller, @Query() query: WireQuery): Promise<WireList> {
    const { next, prev, rows } = await pageOf({
      path: paths.groups(instance.name),
      query,
      page: pageQuery(query),
      fetch: (stretch) => this.groups.list(instance.id, stretch),
      idOf: ({ id }: Group) => id,
    });
    return { next, prev, objects: rows.map((row) => groupShape(instance.name, row)) };
  }

  @Get(':id')
  async get(@CurrentCaller() { instance }: Caller, @Param('id') id: string): Promise<JsonObject> {
    return groupShape(instance.name, await this.groups.get(instance.id, idIn(id)));
  }

  @Put(':id')
  put(@CurrentCaller() caller: Caller, @Param('id') id: string, @Body() body: unknown): Promise<JsonObject> {
    return this.change(caller, id, body);
  }

  @Patch(':id')
  async change(
    @CurrentCaller() { instance, identity }: Caller,
    @Param('id') idText: string,
    @Body() body: unknown,
  ): Promise<JsonObject> {
    const id = idIn(idText);
    await this.policy.require(identity, 'update', group(id));
    return groupShape(instance.name, await this.groups.update(instance.id, id, formIn(body, false)));
  }

  @Delete(':id')
  @HttpCode(204)
  async remove(@CurrentCaller() { instance, identity }: Caller, @Param('id') idText: string): Promise<void> {
    const id = idIn(idText);
    await this.policy.require(identity, 'delete', group(id));
    await this.groups.remove(instance.id, id);
  }
}

interface GroupForm {
  label?: string;
  name?: string | null;
  description?: string;
}

const slugFaults = (text: string): string[] =>
  /^[a-z0-9]+(?:[-_][a-z0-9]+)*$/.test(text.toLowerCase())
    ? []
    : ['Enter a valid "slug" consisting of letters, numbers, underscores or hyphens.'];

function formIn(body: unknown, isNew: boolean): GroupForm {
  const form = new Form(body);
  const unnamed = form.raw('name') === null || form.raw('name') === '';
  const fields = {
    label: form.text('label', { required: isNew, max: 64 }),
    name: unnamed ? null : form.text('name', { max: 64, faults: slugFaults })?.toLowerCase(),
    description: form.text('description', { blank: true, max: 256 }),
  };
  form.check();
  return givenFields(fields);
}
