import { Injectable } from '@nestjs/common';
import type { JsonObject } from '../../../common/json.js';
import { type Group, GroupMemberships, GroupsService } from '../../../modules/groups/index.js';
import { mayUseKeyOf, type Member, MemberKeys, usernameOf } from '../../../modules/members/index.js';
import { type ObjectOfClass, ObjectViews, ProfilesService } from '../../../modules/objects/index.js';
import type { Caller } from '../callers.js';
import { groupShape } from '../groups/group.shape.js';
import { objectShape } from '../objects/object.shape.js';
import { paths } from '../wire/links.js';

/**
 * The one place where members become users: a user is a member, their username is the name that the member logs in with,
 * their key is the member's key, and their profile is an object of the class `user_profile`.
 */
@Injectable()
export class UserShapes {
  constructor(
    private readonly keys: MemberKeys,
    private readonly profiles: ProfilesService,
    private readonly views: ObjectViews,
    private readonly memberships: GroupMemberships,
    private readonly groups: GroupsService,
  ) {}

  /** `echoed`: the username as it was sent, which is what replies to writes repeat. */
  async one(caller: Caller, member: Member, echoed?: string): Promise<JsonObject> {
    const [shape] = await this.all(caller, [member]);
    return echoed === undefined ? shape! : { ...shape!, username: echoed };
  }

  async all({ instance, identity }: Caller, members: Member[]): Promise<JsonObject[]> {
    const ids = members.map(({ id }) => id);
    const keys = await this.keys.keysOf(ids.filter((id) => mayUseKeyOf(identity, id)));
    const profiles = await this.profileShapes(instance.name, await this.profiles.of(ids));
    const groups = await this.groupsOf(instance.id, ids);
    return members.map((member) => {
      const self = paths.user(instance.name, member.id);
      const profile = profiles.get(member.id) ?? null;
      return {
        id: member.id,
        username: usernameOf(member),
        profile,
        groups: groups.get(member.id)!.map((group) => groupShape(instance.name, group)),
        ...(keys.has(member.id) && { user_key: keys.get(member.id)! }),
        links: {
          self,
          groups: `${self}groups/`,
          'reset-key': `${self}reset_key/`,
          ...(profile && { profile: (profile.links as JsonObject).self! }),
        },
      };
    });
  }

  private async profileShapes(instance: string, found: Map<number, ObjectOfClass>): Promise<Map<number, JsonObject>> {
    const profiles = [...found.values()];
    if (profiles.length === 0) return new Map();
    const { of } = profiles[0]!;
    const views = await this.views.all(
      profiles.map(({ object }) => object),
      of,
    );
    const shapes = views.map((view) => objectShape(instance, of.name, view));
    return new Map([...found.keys()].map((memberId, index) => [memberId, shapes[index]!]));
  }

  private async groupsOf(workspaceId: number, memberIds: number[]): Promise<Map<number, Group[]>> {
    const idLists = await Promise.all(memberIds.map((id) => this.memberships.groupIdsOf(id)));
    const all = await this.groups.withIds(workspaceId, [...new Set(idLists.flat())]);
    return new Map(memberIds.map((id, index) => [id, all.filter((group) => idLists[index]!.includes(group.id))]));
  }
}
