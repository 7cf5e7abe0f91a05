import { Injectable } from '@nestjs/common';
import { type FindOptionsWhere, IsNull, Not } from 'typeorm';
import type { Identity } from '../../auth/identity.js';
import { Transactions } from '../../database/transactions.js';
import { EventLog } from '../../events/event-log.js';
import { memberStream } from '../members/index.js';
import { Notification } from './notification.entity.js';
import type { NotificationView } from './notification.view.js';
import { NotificationViews } from './notification.views.js';
import type { ListNotifications } from './notifications.schemas.js';
import { ownIdOf } from './notifications.service.js';

export interface NotificationPage {
  records: NotificationView[];
  page: number;
  per_page: number;
  has_next_page: boolean;
  /** All that the query means, and how many pages they make. */
  count: number;
  page_count: number;
  /** Where the member's own stream stood: what changes later is told there. */
  position: number;
  epoch: string;
}

/** Lists the notifications of the caller, as of one moment. */
@Injectable()
export class NotificationListService {
  constructor(
    private readonly transactions: Transactions,
    private readonly views: NotificationViews,
    private readonly log: EventLog,
  ) {}

  page(identity: Identity, { page, per_page, sort, ...query }: ListNotifications): Promise<NotificationPage> {
    const memberId = ownIdOf(identity);
    return this.transactions.snapshot(async (manager) => {
      const [found, count] = await manager.findAndCount(Notification, {
        where: wanted(memberId, query),
        order: { id: sort === 'oldest' ? 'ASC' : 'DESC' },
        skip: (page - 1) * per_page,
        take: per_page,
      });
      const { seq: position, epoch } = await this.log.head(memberStream(memberId), manager);
      return {
        records: await this.views.load(manager, found),
        page,
        per_page,
        has_next_page: page * per_page < count,
        count,
        page_count: Math.ceil(count / per_page),
        position,
        epoch,
      };
    });
  }
}

/** Archived ones are out of the way unless asked for. */
function wanted(
  memberId: number,
  { status, notification_group }: Pick<ListNotifications, 'status' | 'notification_group'>,
): FindOptionsWhere<Notification> {
  return {
    memberId,
    archivedAt: status === 'archived' ? Not(IsNull()) : IsNull(),
    ...(status === 'unread' ? { readAt: IsNull() } : {}),
    ...(notification_group === undefined ? {} : { notificationGroup: notification_group }),
  };
}
