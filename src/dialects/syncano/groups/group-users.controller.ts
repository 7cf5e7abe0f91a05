import { Body, Delete, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { AccessPolicy } from '../../../access/access-policy.js';
import type { JsonObject } from '../../../common/json.js';
import { type Group, GroupMemberships, GroupsService, type GroupThing } from '../../../modules/groups/index.js';
import { type Member, MembersService } from '../../../modules/members/index.js';
import { type Caller, CurrentCaller } from '../callers.js';
import { InstanceController } from '../syncano.controllers.js';
import { UserShapes } from '../users/user.shapes.js';
import { seesAll } from '../users/users.controller.js';
import { forbidden, notFound, parentMissing, unknownPk } from '../wire/errors.js';
import { Form } from '../wire/form.js';
import { idIn, ifThere } from '../wire/ids.js';
import { paths } from '../wire/links.js';
import { pageOf, pageQuery, type Query as WireQuery, type WireList } from '../wire/lists.js';

/** Who is in a group, seen from the group. Users see only themselves. */
@InstanceController('/groups/:group/users')
export class GroupUsersController {
  constructor(
    private readonly memberships: GroupMemberships,
    private readonly groups: GroupsService,
    private readonly members: MembersService,
    private readonly shapes: UserShapes,
    private readonly policy: AccessPolicy,
  ) {}

  @Post()
  async add(@CurrentCaller() caller: Caller, @Param('group') text: string, @Body() body: unknown): Promise<JsonObject> {
    const group = await this.group(caller, text);
    await this.requireChange(caller, group);
    const form = new Form(body);
    const user = form.pk('user', { required: true });
    form.check();
    const member = await ifThere(this.members.get(caller.instance.id, user!));
    if (!member) form.fail('user', unknownPk(user));
    form.check();
    await this.memberships.join(caller.instance.id, group.id, member!.id);
    return (await this.entries(caller, group, [member!]))[0]!;
  }

  @Get()
  async list(
    @CurrentCaller() caller: Caller,
    @Param('group') text: string,
    @Query() query: WireQuery,
  ): Promise<WireList> {
    const group = await this.group(caller, text);
    const { identity, instance } = caller;
    if (!seesAll(caller) && identity.memberId === null) throw forbidden();
    const { next, prev, rows } = await pageOf({
      path: paths.groupUsers(instance.name, group.id),
      query,
      page: pageQuery(query),
      fetch: (stretch) => this.memberships.list(group.id, stretch),
      idOf: ({ memberId }) => memberId,
    });
    const visible = rows.filter(({ memberId }) => seesAll(caller) || memberId === identity.memberId);
    const ids = visible.map(({ memberId }) => memberId);
    const byId = new Map((await this.members.withIds(instance.id, ids)).map((member) => [member.id, member]));
    const members = ids.flatMap((id) => byId.get(id) ?? []);
    return { next, prev, objects: await this.entries(caller, group, members) };
  }

  @Get(':user')
  async get(@CurrentCaller() caller: Caller, @Param('group') text: string, @Param('user') user: string) {
    const group = await this.group(caller, text);
    const id = idIn(user);
    if (!seesAll(caller) && caller.identity.memberId !== id) throw forbidden();
    if (!(await this.memberships.has(group.id, id))) throw notFound();
    return (await this.entries(caller, group, [await this.members.get(caller.instance.id, id)]))[0]!;
  }

  @Delete(':user')
  @HttpCode(204)
  async remove(@CurrentCaller() caller: Caller, @Param('group') text: string, @Param('user') user: string) {
    const group = await this.group(caller, text);
    await this.requireChange(caller, group);
    await this.memberships.remove(caller.instance.id, group.id, idIn(user));
  }

  private async group({ instance }: Caller, text: string): Promise<Group> {
    const [group] = await this.groups.withIds(instance.id, [idIn(text)]);
    if (!group) throw parentMissing('Group');
    return group;
  }

  private async requireChange({ identity }: Caller, { id }: Group): Promise<void> {
    const thing: GroupThing = { kind: 'group', id };
    await this.policy.require(identity, 'update', thing);
  }

  private async entries(caller: Caller, { id }: Group, members: Member[]): Promise<JsonObject[]> {
    const shapes = await this.shapes.all(caller, members);
    const path = paths.groupUsers(caller.instance.name, id);
    return shapes.map((user) => ({ user, links: { self: `${path}${String(user.id)}/` } }));
  }
}
