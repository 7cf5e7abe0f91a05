import { AddVersionColumn } from '../database/add-version-column.js';

/** Events say how often their thing has been written. */
export class AddEventVersion1763700750000 extends AddVersionColumn {
  protected readonly table = 'events';
}
