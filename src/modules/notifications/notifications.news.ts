import { Injectable } from '@nestjs/common';
import { z } from 'zod';
import { RoomNews } from '../../realtime/asyncapi/room-news.js';
import { notificationCountSchema, notificationSchema } from './notification.view.js';
import { markedAsReadSchema } from './notifications.schemas.js';

/** What members are told about their notifications, in `/asyncapi.json`. */
@Injectable()
export class NotificationNews extends RoomNews {
  readonly from = 'notifications';
  readonly rooms = {
    '/members/:id': {
      notification: notificationSchema.or(z.strictObject({ id: z.int() })),
      notifications: markedAsReadSchema,
      notification_count: notificationCountSchema,
    },
  };
}
