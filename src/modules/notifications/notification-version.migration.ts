import { AddVersionColumn } from '../../database/add-version-column.js';

/** Notifications count their changes. */
export class AddNotificationVersion1763700756000 extends AddVersionColumn {
  protected readonly table = 'notifications';
}
