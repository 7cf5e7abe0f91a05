/** The addresses of this feature, in events. Their stream is the member's own. */
export const notificationPaths = {
  one: (id: number): string => `/notifications/${id}`,
  all: '/notifications',
  count: '/notifications/new_notifications_count',
};
