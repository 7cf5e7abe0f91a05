import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { EventDraft } from '../../events/domain-event.js';
import { type Change, RealtimeSubscriber } from '../../events/realtime.subscriber.js';
import { countNew } from './notification.counts.js';
import { Notification } from './notification.entity.js';
import { countDraft, notificationDraft } from './notification.view.js';
import { NotificationViews } from './notification.views.js';

/**
 * Turns the change of one notification into events of the member's own stream: what happened to it and, when that
 * changed the badge, the badge. The writer holds the member (`holdMembers`), so the number is right.
 */
@Injectable()
export class NotificationSubscriber extends RealtimeSubscriber<Notification> {
  readonly entity = Notification;

  constructor(private readonly views: NotificationViews) {
    super();
  }

  async describe({ action, entity, before }: Change<Notification>, manager: EntityManager): Promise<EventDraft[]> {
    await this.views.fill(manager, [entity]);
    const told = notificationDraft(action, entity);
    const { memberId } = entity;
    if ((before?.isNew ?? false) === (entity.isNew && action !== 'deleted')) return [told];
    const counts = await countNew(manager, [memberId]);
    return [told, countDraft('updated', memberId, counts.get(memberId)!, entity.cause)];
  }
}
