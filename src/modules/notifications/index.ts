export {
  type NotificationCount,
  notificationCountSchema,
  notificationSchema,
  type NotificationView,
} from './notification.view.js';
export { type Notice, Notifications } from './notifications.js';
export { NotificationsModule } from './notifications.module.js';
