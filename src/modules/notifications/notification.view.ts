import { z } from 'zod';
import type { EventDraft } from '../../events/domain-event.js';
import { memberStream } from '../members/index.js';
import type { Notification } from './notification.entity.js';
import { notificationPaths } from './notifications.streams.js';

const notifiableSchema = z.strictObject({
  id: z.int(),
  community_id: z.int(),
  space_id: z.int().nullable(),
  post_id: z.int().nullable(),
  parent_comment_id: z.int().nullable(),
  chat_room_uuid: z.string().nullable(),
  parent_message_id: z.int().nullable(),
});

/** A notification as the one member sees it whose it is, in replies and events alike. */
export const notificationSchema = z
  .strictObject({
    id: z.int(),
    action: z.string(),
    display_action: z.string().nullable(),
    action_web_url: z.string().nullable(),
    actor_member_id: z.int().nullable(),
    actor_name: z.string().nullable(),
    actor_image: z.string().nullable(),
    notifiable: notifiableSchema,
    notifiable_id: z.int(),
    notifiable_type: z.string(),
    notifiable_title: z.string().nullable(),
    notification_group: z.string(),
    notification_text_structure: z.array(z.string()),
    space_id: z.int().nullable(),
    space_title: z.string().nullable(),
    is_new: z.boolean(),
    read_at: z.iso.datetime().nullable(),
    archived_at: z.iso.datetime().nullable(),
    created_at: z.iso.datetime(),
    updated_at: z.iso.datetime(),
  })
  .meta({ id: 'Notification' });

/** The badge: how many are new, and how many of those in the two tabs that have a badge of their own. */
export const notificationCountSchema = z
  .strictObject({
    new_notifications_count: z.int(),
    new_mentions_count: z.int(),
    new_inbox_count: z.int(),
  })
  .meta({ id: 'NewNotificationsCount' });

export type NotificationView = z.infer<typeof notificationSchema>;
export type NotificationCount = z.infer<typeof notificationCountSchema>;

/** Needs the actor filled in. */
export function toNotificationView(notification: Notification): NotificationView {
  const { actor, notifiable: names } = notification;
  const actorName = actor?.name ?? null;
  const displayAction = notification.displayAction ?? null;
  const title = notification.notifiableTitle ?? null;
  const spaceId = notification.spaceId ?? null;
  return {
    id: notification.id,
    action: notification.action,
    display_action: displayAction,
    action_web_url: notification.actionWebUrl ?? null,
    actor_member_id: notification.actorMemberId ?? null,
    actor_name: actorName,
    actor_image: actor?.avatar_url ?? null,
    notifiable: {
      id: notification.notifiableId,
      community_id: notification.workspaceId,
      space_id: spaceId,
      post_id: names.post_id ?? null,
      parent_comment_id: names.parent_comment_id ?? null,
      chat_room_uuid: names.chat_room_uuid ?? null,
      parent_message_id: names.parent_message_id ?? null,
    },
    notifiable_id: notification.notifiableId,
    notifiable_type: notification.notifiableType,
    notifiable_title: title,
    notification_group: notification.notificationGroup,
    notification_text_structure: [actorName, displayAction, title].filter((part) => part !== null),
    space_id: spaceId,
    space_title: notification.spaceTitle ?? null,
    is_new: notification.isNew,
    read_at: notification.readAt?.toISOString() ?? null,
    archived_at: notification.archivedAt?.toISOString() ?? null,
    created_at: notification.createdAt.toISOString(),
    updated_at: notification.updatedAt.toISOString(),
  };
}

/** The one description of what happened to a notification, whoever wrote the row. What is gone is named, not shown. */
export function notificationDraft(action: 'created' | 'updated' | 'deleted', notification: Notification): EventDraft {
  const { id, memberId, cause } = notification;
  const resource = action === 'deleted' ? { id } : toNotificationView(notification);
  const path = notificationPaths.one(id);
  return { stream: memberStream(memberId), action, type: 'notification', path, resource, cause };
}

/**
 * The badge of a member after a change. `reset`: the member has looked, and nothing is new any more, whatever it was
 * before.
 */
export function countDraft(
  action: 'updated' | 'reset',
  memberId: number,
  count: NotificationCount,
  cause?: EventDraft['cause'],
): EventDraft {
  const path = notificationPaths.count;
  return { stream: memberStream(memberId), action, type: 'notification_count', path, resource: count, cause };
}
