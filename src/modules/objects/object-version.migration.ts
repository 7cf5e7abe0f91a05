import { AddVersionColumn } from '../../database/add-version-column.js';

/** Objects count their changes: all of them, while the revision counts those of values. */
export class AddObjectVersion1763700757000 extends AddVersionColumn {
  protected readonly table = 'objects';
}
