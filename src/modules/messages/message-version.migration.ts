import { AddVersionColumn } from '../../database/add-version-column.js';

/** Messages count their changes. */
export class AddMessageVersion1763700755000 extends AddVersionColumn {
  protected readonly table = 'chat_room_messages';
}
