import { Module } from '@nestjs/common';
import { DatabaseModule } from '../../database/database.module.js';
import { MemberNotificationsController } from './member-notifications.controller.js';
import { MemberNotifications } from './member-notifications.service.js';
import { MessageNotifications } from './message-notifications.js';
import { NotificationListService } from './notification-list.service.js';
import { NotificationMarks } from './notification-marks.service.js';
import { IndexNotificationParents1763700740000 } from './notification-parents.migration.js';
import { AddNotificationVersion1763700756000 } from './notification-version.migration.js';
import { Notification } from './notification.entity.js';
import { NotificationSubscriber } from './notification.subscriber.js';
import { NotificationViews } from './notification.views.js';
import { NotificationWriter } from './notification.writer.js';
import { NotificationsController } from './notifications.controller.js';
import { CreateNotifications1763700600000 } from './notifications.migration.js';
import { NotificationsService } from './notifications.service.js';
import { Notifications } from './notifications.js';
import { NotificationNews } from './notifications.news.js';
import { NotificationsTopic } from './notifications.topics.js';

/** What members should see: mentions, replies, and whatever other features tell them through `Notifications`. */
@Module({
  imports: [
    DatabaseModule.forFeature({
      entities: [Notification],
      migrations: [
        CreateNotifications1763700600000,
        IndexNotificationParents1763700740000,
        AddNotificationVersion1763700756000,
      ],
    }),
  ],
  controllers: [NotificationsController, MemberNotificationsController],
  providers: [
    MemberNotifications,
    MessageNotifications,
    NotificationListService,
    NotificationMarks,
    NotificationNews,
    NotificationSubscriber,
    NotificationViews,
    NotificationWriter,
    Notifications,
    NotificationsService,
    NotificationsTopic,
  ],
  exports: [Notifications],
})
export class NotificationsModule {}
