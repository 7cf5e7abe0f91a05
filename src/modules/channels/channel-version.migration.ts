import { AddVersionColumn } from '../../database/add-version-column.js';

/** Channels count their changes. */
export class AddChannelVersion1763700752000 extends AddVersionColumn {
  protected readonly table = 'channels';
}
