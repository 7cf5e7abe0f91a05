import { Injectable } from '@nestjs/common';
import { accessChanged } from '../../events/access-changes.js';
import type { EventDraft } from '../../events/domain-event.js';
import { type Change, RealtimeSubscriber } from '../../events/realtime.subscriber.js';
import { Member } from './member.entity.js';
import { memberListStream, memberPath, memberStream } from './member.streams.js';
import { toMemberView } from './member.view.js';

/**
 * Turns changes of members into events of their own stream and of the one about all members, in the writer's transaction. A change of what a member may
 * see or do is told to the live sessions by the same hook, so no writer can forget it.
 */
@Injectable()
export class MemberSubscriber extends RealtimeSubscriber<Member> {
  readonly entity = Member;

  describe(change: Change<Member>): EventDraft[] {
    const { action, entity } = change;
    const told = { action, type: 'member', path: memberPath(entity.id), resource: toMemberView(entity) };
    const streams = [memberStream(entity.id), memberListStream(entity.workspaceId)];
    const drafts: EventDraft[] = streams.map((stream) => ({ stream, ...told }));
    const access = accessChangeOf(change);
    return access ? [...drafts, access] : drafts;
  }
}

function accessChangeOf({ action, entity, changed }: Change<Member>): EventDraft | null {
  const members = [entity.id];
  const banned = changed.includes('bannedAt') && entity.bannedAt !== null;
  const loggedOut = changed.includes('tokensValidAfter');
  if (action === 'deleted' || banned || loggedOut) return accessChanged({ members, ended: true });
  return changed.includes('role') ? accessChanged({ members }) : null;
}
