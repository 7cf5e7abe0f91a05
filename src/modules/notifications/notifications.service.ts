import { Injectable } from '@nestjs/common';
import type { Identity } from '../../auth/identity.js';
import { Clock } from '../../common/clock.js';
import { Transactions } from '../../database/transactions.js';
import { MembersService, membersOnly } from '../members/index.js';
import { countNew } from './notification.counts.js';
import { Notification } from './notification.entity.js';
import type { NotificationCount, NotificationView } from './notification.view.js';
import { NotificationViews } from './notification.views.js';
import { notificationNotFound } from './notifications.errors.js';

type Changes = Partial<Pick<Notification, 'readAt' | 'archivedAt' | 'deletedAt'>>;

/** Shows, marks and deletes single notifications of the caller; those of others are not there. */
@Injectable()
export class NotificationsService {
  constructor(
    private readonly transactions: Transactions,
    private readonly members: MembersService,
    private readonly views: NotificationViews,
    private readonly clock: Clock,
  ) {}

  get(identity: Identity, id: number): Promise<NotificationView> {
    const memberId = ownIdOf(identity);
    return this.transactions.snapshot(async (manager) => {
      const notification = await manager.findOneBy(Notification, { id, memberId });
      if (!notification) throw notificationNotFound();
      return this.views.loadOne(manager, notification);
    });
  }

  count(identity: Identity): Promise<NotificationCount> {
    const memberId = ownIdOf(identity);
    return this.transactions.snapshot(async (manager) => (await countNew(manager, [memberId])).get(memberId)!);
  }

  /** Repeating it keeps the first time, and so does `archive`. */
  markAsRead(identity: Identity, id: number): Promise<NotificationView> {
    return this.change(identity, id, ({ readAt }, now) => (readAt === null ? { readAt: now } : null));
  }

  archive(identity: Identity, id: number): Promise<NotificationView> {
    return this.change(identity, id, ({ archivedAt }, now) => (archivedAt === null ? { archivedAt: now } : null));
  }

  /** The row stays behind: it remembers that the member has been notified of this. */
  async remove(identity: Identity, id: number): Promise<void> {
    await this.change(identity, id, (_notification, deletedAt) => ({ deletedAt }));
  }

  /** Whatever somebody does with a notification, it is not new any more. Null: nothing to do. */
  private change(
    identity: Identity,
    id: number,
    decide: (notification: Notification, now: Date) => Changes | null,
  ): Promise<NotificationView> {
    const memberId = ownIdOf(identity);
    return this.transactions.run(async (manager) => {
      await this.members.hold([memberId], manager);
      const notification = await manager.findOneBy(Notification, { id, memberId });
      if (!notification) throw notificationNotFound();
      await this.views.fill(manager, [notification]);
      const now = this.clock.now();
      const changes = decide(notification, now);
      if (changes) await manager.save(Object.assign(notification, changes, { isNew: false, updatedAt: now }));
      return this.views.loadOne(manager, notification);
    });
  }
}

/** The member whose notifications are meant. A program has none. */
export function ownIdOf({ memberId }: Identity): number {
  if (memberId === null) throw membersOnly();
  return memberId;
}
