import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { Clock } from '../../common/clock.js';
import type { EventDraft } from '../../events/domain-event.js';
import type { MemberView } from '../members/index.js';
import { type NotifiableNames, Notification } from './notification.entity.js';
import { type NotificationView, toNotificationView } from './notification.view.js';
import { type Notifiables, NotificationWriter } from './notification.writer.js';

/** Something that members should see, as a feature says it. */
export interface Notice {
  workspaceId: number;
  /** To whom; those who are gone or banned are left out. */
  memberIds: number[];
  /** Who did it, if anybody in particular: by id, or as a view where the caller has one. */
  actorId?: number | null;
  actor?: MemberView;
  /** What was done, for programs (`like`) and, as `displayAction`, for people (`liked your post`). */
  action: string;
  displayAction?: string | null;
  /** The tab under which clients show it. */
  group: string;
  /** What it is about. The title is kept as it is now. */
  about: { type: string; id: number; title?: string | null; names?: Partial<NotifiableNames> };
  /** What that belongs to, so that it can be marked as read together with the rest of it. */
  parent?: { type: string; id: number } | null;
  space?: { id: number; title: string | null } | null;
  webUrl?: string | null;
  /** A name for the reason: a member is notified of it once, however often this is said. */
  once?: string | null;
  /** Who and which request causes it; by default those of the running request. */
  cause?: EventDraft['cause'];
}

const NO_NAMES: NotifiableNames = {
  post_id: null,
  parent_comment_id: null,
  chat_room_uuid: null,
  parent_message_id: null,
};

/** How any feature notifies members: inside the transaction of the change that is the reason. */
@Injectable()
export class Notifications {
  constructor(
    private readonly writer: NotificationWriter,
    private readonly clock: Clock,
  ) {}

  /**
   * Gives the notifications that were made. The members stay held until the transaction ends: say everything in one call,
   * and after whatever else the transaction has to wait for.
   */
  async notify(manager: EntityManager, ...notices: Notice[]): Promise<NotificationView[]> {
    const now = this.clock.now();
    const wanted = notices.flatMap((notice) =>
      [...new Set(notice.memberIds)].map((memberId) => toNotification(notice, memberId, now)),
    );
    if (wanted.length === 0) return [];
    return (await this.writer.create(manager, wanted)).map(toNotificationView);
  }

  /** Takes back every notification about things that are gone. */
  withdraw(manager: EntityManager, about: Notifiables): Promise<void> {
    return this.writer.withdraw(manager, about);
  }
}

function toNotification(notice: Notice, memberId: number, now: Date): Notification {
  const { about, parent = null, space = null } = notice;
  return Object.assign(new Notification(), {
    workspaceId: notice.workspaceId,
    memberId,
    actorMemberId: notice.actor?.id ?? notice.actorId ?? null,
    actor: notice.actor,
    action: notice.action,
    displayAction: notice.displayAction ?? null,
    actionWebUrl: notice.webUrl ?? null,
    notificationGroup: notice.group,
    notifiableType: about.type,
    notifiableId: about.id,
    notifiableTitle: about.title ?? null,
    notifiable: { ...NO_NAMES, ...about.names },
    parentType: parent?.type ?? null,
    parentId: parent?.id ?? null,
    spaceId: space?.id ?? null,
    spaceTitle: space?.title ?? null,
    once: notice.once ?? null,
    isNew: true,
    readAt: null,
    archivedAt: null,
    createdAt: now,
    updatedAt: now,
    deletedAt: null,
    cause: notice.cause,
  });
}
