import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { Identity } from '../../auth/identity.js';
import { Clock } from '../../common/clock.js';
import { Transactions } from '../../database/transactions.js';
import { EventLog } from '../../events/event-log.js';
import { WriteGuard } from '../../events/write-guard.js';
import { memberStream, MembersService } from '../members/index.js';
import { countNew, NOTHING_NEW } from './notification.counts.js';
import { Notification } from './notification.entity.js';
import { countDraft, type NotificationCount } from './notification.view.js';
import type { MarkAllAsRead } from './notifications.schemas.js';
import { ownIdOf } from './notifications.service.js';
import { notificationPaths } from './notifications.streams.js';

const RESET = `UPDATE notifications SET is_new = false, updated_at = $2, version = version + 1 WHERE member_id = $1 AND is_new`;

/** What has been read is not new, so these are also all that are new. */
const MARK = `
  WITH marked AS (
    UPDATE notifications SET is_new = false, read_at = $2, updated_at = $2, version = version + 1
    WHERE member_id = $1 AND read_at IS NULL AND deleted_at IS NULL
      AND ($3::text IS NULL OR notification_group = $3)
      AND ($4::text IS NULL OR (parent_type = $4 AND parent_id = $5))
    RETURNING id
  )
  SELECT count(*) AS count FROM marked`;

/** Marks all notifications of the caller at once: by hand, and told by one event instead of one for each of them. */
@Injectable()
export class NotificationMarks {
  constructor(
    private readonly transactions: Transactions,
    private readonly members: MembersService,
    private readonly log: EventLog,
    private readonly guard: WriteGuard,
    private readonly clock: Clock,
  ) {}

  /** The member has seen that there is something new. Told even if there was nothing, so that every device agrees. */
  reset(identity: Identity): Promise<NotificationCount> {
    return this.holding(identity, async (manager, memberId) => {
      await manager.query(RESET, [memberId, this.clock.now()]);
      this.log.append(manager, [countDraft('reset', memberId, NOTHING_NEW)]);
      return NOTHING_NEW;
    });
  }

  /** All of them, or with a filter those that it means. */
  markAllAsRead(identity: Identity, filter: MarkAllAsRead): Promise<NotificationCount> {
    const { notification_type: group = null, parent_notifiable: parent = null } = filter;
    return this.holding(identity, async (manager, memberId) => {
      const now = this.clock.now();
      const before = await countNew(manager, [memberId]);
      const parameters = [memberId, now, group, parent?.type ?? null, parent?.id ?? null];
      const [marked] = await manager.query<{ count: string }[]>(MARK, parameters);
      if (marked!.count !== '0') {
        const resource = { notification_type: group, parent_notifiable: parent, read_at: now.toISOString() };
        const told = { stream: memberStream(memberId), action: 'read', type: 'notifications', resource };
        this.log.append(manager, [{ ...told, path: notificationPaths.all }]);
      }
      const counts = await countNew(manager, [memberId]);
      const [was, is] = [before.get(memberId)!, counts.get(memberId)!];
      if (group === null && parent === null) this.log.append(manager, [countDraft('reset', memberId, is)]);
      else if (was.new_notifications_count !== is.new_notifications_count)
        this.log.append(manager, [countDraft('updated', memberId, is)]);
      return is;
    });
  }

  private holding<T>(identity: Identity, work: (manager: EntityManager, memberId: number) => Promise<T>): Promise<T> {
    const memberId = ownIdOf(identity);
    return this.transactions.run(async (manager) => {
      await this.members.hold([memberId], manager);
      this.guard.permit(manager, Notification);
      return work(manager, memberId);
    });
  }
}
