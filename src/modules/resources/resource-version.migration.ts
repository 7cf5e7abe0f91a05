import { AddVersionColumn } from '../../database/add-version-column.js';

/** Documents count their changes. To the outside their version is the time of the last one. */
export class AddResourceVersion1763700766000 extends AddVersionColumn {
  protected readonly table = 'resources';
}
