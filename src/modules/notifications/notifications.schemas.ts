import { z } from 'zod';
import { id } from '../../common/ids.js';
import { pageLimit } from '../../common/paging.js';
import { text, trimmedText, webAddress } from '../../common/text.js';
import { roomTicketsSchema, websocketsFlag } from '../../realtime/room-tokens.schemas.js';
import { notificationSchema } from './notification.view.js';

/** Deeper than anybody turns pages. */
const MAXIMUM_PAGE = 1_000_000;

/** A word for programs: an action, a group. */
const word = z.string().regex(/^[a-z][a-z0-9_]{0,49}$/, 'must be a word in snake_case');
/** The name of a kind of thing, as classes are named. */
const kind = z.string().regex(/^[A-Z][A-Za-z0-9:]{0,99}$/, 'must be the name of a kind of thing');

export const notificationsQuery = z.strictObject({
  page: z.coerce.number().int().min(1).max(MAXIMUM_PAGE).default(1),
  per_page: pageLimit,
  sort: z.enum(['latest', 'oldest']).default('latest'),
  status: z.enum(['all', 'unread', 'archived']).default('all'),
  notification_group: word.optional(),
  websockets: websocketsFlag,
});

export const markAllAsReadSchema = z
  .strictObject({
    notification_type: word.nullish().describe('The group of the notifications, such as `mentions`.'),
    parent_notifiable: z
      .strictObject({ id, type: kind })
      .nullish()
      .describe('What the things belong to that they are about, such as a `ChatRoom`.'),
  })
  .meta({ id: 'MarkAllNotificationsAsRead' });

/** What is told of them: which were meant, and when. */
export const markedAsReadSchema = z
  .strictObject({
    notification_type: z.string().nullable(),
    parent_notifiable: z.strictObject({ id: z.int(), type: z.string() }).nullable(),
    read_at: z.iso.datetime(),
  })
  .meta({ id: 'NotificationsMarkedAsRead' });

export const createNotificationSchema = z
  .strictObject({
    action: word,
    display_action: trimmedText(1, 200).nullish(),
    action_web_url: webAddress.nullish(),
    actor_member_id: id.nullish(),
    notification_group: word.default('inbox'),
    notifiable_type: kind,
    notifiable_id: id,
    notifiable_title: text(0, 500).nullish(),
    parent_notifiable: z.strictObject({ id, type: kind }).nullish(),
    space_id: id.nullish(),
    space_title: text(0, 500).nullish(),
    post_id: id.nullish(),
    parent_comment_id: id.nullish(),
  })
  .meta({ id: 'CreateNotification' });

export const notificationPageSchema = z
  .strictObject({
    records: z.array(notificationSchema),
    page: z.int(),
    per_page: z.int(),
    has_next_page: z.boolean(),
    count: z.int(),
    page_count: z.int(),
    position: z.int(),
    epoch: z.string(),
    websockets: roomTicketsSchema.optional(),
  })
  .meta({ id: 'NotificationPage' });

export type ListNotifications = z.infer<typeof notificationsQuery>;
export type MarkAllAsRead = z.infer<typeof markAllAsReadSchema>;
export type CreateNotification = z.infer<typeof createNotificationSchema>;
