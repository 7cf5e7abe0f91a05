import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { MembersService } from '../members/index.js';
import type { Notification } from './notification.entity.js';
import { type NotificationView, toNotificationView } from './notification.view.js';

/** Makes views of notifications: any number of them with one query for the people in them. */
@Injectable()
export class NotificationViews {
  constructor(private readonly members: MembersService) {}

  async load(manager: EntityManager, notifications: Notification[]): Promise<NotificationView[]> {
    await this.fill(manager, notifications);
    return notifications.map(toNotificationView);
  }

  async loadOne(manager: EntityManager, notification: Notification): Promise<NotificationView> {
    const [view] = await this.load(manager, [notification]);
    return view!;
  }

  /** Fills in the actors of those who come without. */
  async fill(manager: EntityManager, notifications: Notification[]): Promise<void> {
    const unknown = notifications.filter(({ actor }) => actor === undefined);
    const ids = new Set(unknown.map(({ actorMemberId }) => actorMemberId).filter((id) => id !== null));
    const people = ids.size === 0 ? null : await this.members.publicViews([...ids], manager);
    for (const notification of unknown) notification.actor = people?.get(notification.actorMemberId ?? 0) ?? null;
  }
}
