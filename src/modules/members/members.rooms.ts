import { Injectable } from '@nestjs/common';
import { AccessPolicy } from '../../access/access-policy.js';
import type { Identity } from '../../auth/identity.js';
import { idText } from '../../common/ids.js';
import { type OpenRoom, RoomKind, type RoomSource } from '../../realtime/room-source.js';
import { memberListStream, MEMBERS_ROOM, memberStream } from './member.streams.js';
import type { MemberThing } from './members.access.js';

/** The room of all members of a workspace. Who is in it is no secret to anybody in it. */
@Injectable()
@RoomKind(MEMBERS_ROOM)
export class MemberListRooms implements RoomSource {
  constructor(private readonly policy: AccessPolicy) {}

  async open(_params: Record<string, string>, identity: Identity): Promise<OpenRoom | null> {
    const thing: MemberThing = { kind: 'member', id: null };
    const reads = await this.policy.can(identity, 'read', thing);
    return reads ? { stream: memberListStream(identity.workspaceId) } : null;
  }
}

/** The inbox of a member: what concerns them alone. */
@Injectable()
@RoomKind('/members/:id')
export class MemberRooms implements RoomSource {
  constructor(private readonly policy: AccessPolicy) {}

  async open(params: Record<string, string>, identity: Identity): Promise<OpenRoom | null> {
    const id = idText.safeParse(params.id).data;
    if (id === undefined) return null;
    const thing: MemberThing = { kind: 'member', id };
    return (await this.policy.can(identity, 'subscribe', thing)) ? { stream: memberStream(id) } : null;
  }
}
