import { Injectable } from '@nestjs/common';
import { accessChanged } from '../../events/access-changes.js';
import type { EventDraft } from '../../events/domain-event.js';
import { type Change, RealtimeSubscriber } from '../../events/realtime.subscriber.js';
import { memberStream } from '../members/index.js';
import { GroupMember } from './group-member.entity.js';
import { toGroupMemberView } from './group.view.js';

/**
 * Turns a membership's begin and end into an event for the member concerned, in the writer's transaction; what the group
 * opened or closed for them is looked at again by every live session of theirs.
 */
@Injectable()
export class GroupMemberSubscriber extends RealtimeSubscriber<GroupMember> {
  readonly entity = GroupMember;

  describe({ action, entity }: Change<GroupMember>): EventDraft[] {
    const told: EventDraft = {
      stream: memberStream(entity.memberId),
      action,
      type: 'group_member',
      path: `/groups/${entity.groupId}/members/${entity.memberId}`,
      resource: toGroupMemberView(entity),
    };
    return [told, accessChanged({ members: [entity.memberId] })];
  }
}
