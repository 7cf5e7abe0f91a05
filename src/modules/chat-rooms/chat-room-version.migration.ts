import { AddVersionColumn } from '../../database/add-version-column.js';

/** Chat rooms count their changes. */
export class AddChatRoomVersion1763700753000 extends AddVersionColumn {
  protected readonly table = 'chat_rooms';
}
