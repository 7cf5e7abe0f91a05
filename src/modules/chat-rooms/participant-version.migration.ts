import { AddVersionColumn } from '../../database/add-version-column.js';

/** Participants count their changes. */
export class AddParticipantVersion1763700754000 extends AddVersionColumn {
  protected readonly table = 'chat_room_participants';
}
