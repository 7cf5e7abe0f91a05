import { Body, Delete, Get, HttpCode, Param, Patch, Post, Put, Query } from '@nestjs/common';
import { AccessPolicy } from '../../../access/access-policy.js';
import { SecretAnswer } from '../../../common/http/secret-answer.js';
import type { JsonObject } from '../../../common/json.js';
import {
  mayUseKeyOf,
  type Member,
  MemberKeys,
  MembersService,
  type MemberThing,
} from '../../../modules/members/index.js';
import { type Caller, CurrentCaller } from '../callers.js';
import { InstanceController } from '../syncano.controllers.js';
import { forbidden, notFound } from '../wire/errors.js';
import { idIn } from '../wire/ids.js';
import { paths } from '../wire/links.js';
import { inMemory, pageOf, pageQuery, type Query as WireQuery, type WireList } from '../wire/lists.js';
import { userForm } from './user.form.js';
import { UserShapes } from './user.shapes.js';
import { Users } from './users.service.js';

const member = (id: number | null): MemberThing => ({ kind: 'member', id });

/** The users of an instance: its members. A user sees only themself. */
@InstanceController('/users')
export class UsersController {
  constructor(
    private readonly users: Users,
    private readonly members: MembersService,
    private readonly keys: MemberKeys,
    private readonly shapes: UserShapes,
    private readonly policy: AccessPolicy,
  ) {}

  @Post()
  @SecretAnswer()
  async create(@CurrentCaller() caller: Caller, @Body() body: unknown): Promise<JsonObject> {
    const { instance, identity } = caller;
    await this.policy.require(identity, 'create_by_username', member(null));
    const form = userForm(body, true);
    const created = await this.users.create(instance.id, form);
    const shape = await this.shapes.one(caller, created, form.username);
    // A program that may make users gets the key of the one it has made, although it may not see the others'.
    return { ...shape, user_key: (await this.keys.keysOf([created.id])).get(created.id)! };
  }

  @Get()
  async list(@CurrentCaller() caller: Caller, @Query() query: WireQuery): Promise<WireList> {
    const { instance, identity } = caller;
    const all = seesAll(caller);
    if (!all && identity.memberId === null) throw forbidden();
    const { next, prev, rows } = await pageOf({
      path: paths.users(instance.name),
      query,
      page: pageQuery(query),
      fetch: async (stretch) =>
        all
          ? this.members.list(instance.id, stretch)
          : inMemory([await this.members.get(instance.id, identity.memberId!)], ({ id }) => id, stretch),
      idOf: ({ id }: Member) => id,
    });
    return { next, prev, objects: await this.shapes.all(caller, rows) };
  }

  @Get(':id')
  async get(@CurrentCaller() caller: Caller, @Param('id') id: string): Promise<JsonObject> {
    return this.shapes.one(caller, await this.visible(caller, idIn(id)));
  }

  @Put(':id')
  put(@CurrentCaller() caller: Caller, @Param('id') id: string, @Body() body: unknown): Promise<JsonObject> {
    return this.change(caller, id, body);
  }

  @Patch(':id')
  async change(@CurrentCaller() caller: Caller, @Param('id') id: string, @Body() body: unknown): Promise<JsonObject> {
    const found = await this.visible(caller, idIn(id));
    await this.policy.require(caller.identity, 'update', member(found.id));
    const form = userForm(body, false);
    return this.shapes.one(caller, await this.users.change(caller.instance.id, found.id, form), form.username);
  }

  @Post(':id/reset_key')
  @HttpCode(200)
  @SecretAnswer()
  async reset(@CurrentCaller() caller: Caller, @Param('id') id: string): Promise<JsonObject> {
    const found = await this.visible(caller, idIn(id));
    if (!mayUseKeyOf(caller.identity, found.id)) throw forbidden();
    await this.keys.reset(found.id);
    return this.shapes.one(caller, found);
  }

  @Delete(':id')
  @HttpCode(204)
  async remove(@CurrentCaller() caller: Caller, @Param('id') id: string): Promise<void> {
    const found = await this.visible(caller, idIn(id));
    await this.policy.require(caller.identity, 'delete', member(found.id));
    await this.members.remove(caller.instance.id, found.id);
  }

  private async visible(caller: Caller, id: number): Promise<Member> {
    const { identity, instance } = caller;
    if (!seesAll(caller) && identity.memberId === null) throw forbidden();
    if (!seesAll(caller) && identity.memberId !== id) throw notFound();
    return this.members.get(instance.id, id);
  }
}

/** Administrators, and programs that are spared the checks. */
export function seesAll({ identity }: Caller): boolean {
  return identity.kind === 'account' || (identity.kind === 'api_key' && identity.ignoreAcl);
}
