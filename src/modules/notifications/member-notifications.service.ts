import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { DomainError } from '../../common/domain-error.js';
import { Transactions } from '../../database/transactions.js';
import { MembersService, membersNotFound } from '../members/index.js';
import type { NotificationView } from './notification.view.js';
import { Notifications } from './notifications.js';
import { actorUnknown } from './notifications.errors.js';
import type { CreateNotification } from './notifications.schemas.js';

/** Notifies a member of whatever an administrator says. */
@Injectable()
export class MemberNotifications {
  constructor(
    private readonly transactions: Transactions,
    private readonly members: MembersService,
    private readonly notifications: Notifications,
  ) {}

  create(workspaceId: number, memberId: number, wanted: CreateNotification): Promise<NotificationView> {
    const { space_id, space_title, post_id = null, parent_comment_id = null } = wanted;
    return this.transactions.run(async (manager) => {
      if (wanted.actor_member_id != null) await this.requireActor(manager, workspaceId, wanted.actor_member_id);
      const [made] = await this.notifications.notify(manager, {
        workspaceId,
        memberIds: [memberId],
        actorId: wanted.actor_member_id,
        action: wanted.action,
        displayAction: wanted.display_action,
        group: wanted.notification_group,
        about: {
          type: wanted.notifiable_type,
          id: wanted.notifiable_id,
          title: wanted.notifiable_title,
          names: { post_id, parent_comment_id },
        },
        parent: wanted.parent_notifiable,
        space: space_id == null ? null : { id: space_id, title: space_title ?? null },
        webUrl: wanted.action_web_url,
      });
      if (!made) throw membersNotFound([memberId]);
      return made;
    });
  }

  /** In a body, an unknown member is bad input, not a bad address. */
  private async requireActor(manager: EntityManager, workspaceId: number, actorId: number): Promise<void> {
    try {
      await this.members.requireActive(workspaceId, [actorId], manager);
    } catch (error) {
      throw error instanceof DomainError && error.kind === 'not_found' ? actorUnknown() : error;
    }
  }
}
