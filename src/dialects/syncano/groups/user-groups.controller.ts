import { Body, Delete, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { AccessPolicy } from '../../../access/access-policy.js';
import type { JsonObject } from '../../../common/json.js';
import { type Group, GroupMemberships, GroupsService, type GroupThing } from '../../../modules/groups/index.js';
import { MembersService } from '../../../modules/members/index.js';
import { type Caller, CurrentCaller } from '../callers.js';
import { InstanceController } from '../syncano.controllers.js';
import { seesAll } from '../users/users.controller.js';
import { forbidden, notFound, parentMissing, unknownPk } from '../wire/errors.js';
import { Form } from '../wire/form.js';
import { idIn, ifThere } from '../wire/ids.js';
import { paths } from '../wire/links.js';
import { inMemory, pageOf, pageQuery, type Query as WireQuery, type WireList } from '../wire/lists.js';
import { groupShape } from './group.shape.js';

const thing = (id: number): GroupThing => ({ kind: 'group', id });

/** The groups of a user, seen from the user. */
@InstanceController('/users/:user/groups')
export class UserGroupsController {
  constructor(
    private readonly memberships: GroupMemberships,
    private readonly groups: GroupsService,
    private readonly members: MembersService,
    private readonly policy: AccessPolicy,
  ) {}

  @Post()
  async add(@CurrentCaller() caller: Caller, @Param('user') text: string, @Body() body: unknown): Promise<JsonObject> {
    const { identity, instance } = caller;
    if (!identity.administrator) throw forbidden();
    const userId = await this.user(caller, text);
    const form = new Form(body);
    const groupId = form.pk('group', { required: true });
    form.check();
    const [group] = await this.groups.withIds(instance.id, [groupId!]);
    if (!group) form.fail('group', unknownPk(groupId));
    form.check();
    await this.policy.require(identity, 'update', thing(group!.id));
    await this.memberships.join(instance.id, group!.id, userId);
    return entry(caller, userId, group!);
  }

  @Get()
  async list(
    @CurrentCaller() caller: Caller,
    @Param('user') text: string,
    @Query() query: WireQuery,
  ): Promise<WireList> {
    const userId = await this.user(caller, text);
    const all = await this.groupsOf(caller, userId);
    const idOf = ({ id }: Group): number => id;
    const { next, prev, rows } = await pageOf({
      path: paths.userGroups(caller.instance.name, userId),
      query,
      page: pageQuery(query),
      fetch: async (stretch) => inMemory(all, idOf, stretch),
      idOf,
    });
    return { next, prev, objects: rows.map((group) => entry(caller, userId, group)) };
  }

  @Get(':group')
  async get(@CurrentCaller() caller: Caller, @Param('user') text: string, @Param('group') groupText: string) {
    const userId = await this.user(caller, text);
    const id = idIn(groupText);
    const group = (await this.groupsOf(caller, userId)).find((one) => one.id === id);
    if (!group) throw notFound();
    return entry(caller, userId, group);
  }

  @Delete(':group')
  @HttpCode(204)
  async remove(@CurrentCaller() caller: Caller, @Param('user') text: string, @Param('group') groupText: string) {
    const { identity, instance } = caller;
    if (!identity.administrator) throw forbidden();
    const userId = await this.user(caller, text);
    await this.memberships.remove(instance.id, idIn(groupText), userId);
  }

  private async user(caller: Caller, text: string): Promise<number> {
    const id = idIn(text);
    if (!seesAll(caller) && caller.identity.memberId !== id) throw forbidden();
    const member = await ifThere(this.members.get(caller.instance.id, id));
    if (!member) throw parentMissing('User');
    return member.id;
  }

  private async groupsOf({ instance }: Caller, userId: number): Promise<Group[]> {
    return this.groups.withIds(instance.id, await this.memberships.groupIdsOf(userId));
  }
}

function entry({ instance }: Caller, userId: number, group: Group): JsonObject {
  const self = `${paths.userGroups(instance.name, userId)}${group.id}/`;
  return { group: groupShape(instance.name, group), links: { self } };
}
