import { AddVersionColumn } from '../../database/add-version-column.js';

/** Members count their changes. */
export class AddMemberVersion1763700751000 extends AddVersionColumn {
  protected readonly table = 'members';
}
