import { Injectable } from '@nestjs/common';
import { ClassAccess } from '../../../modules/objects/index.js';
import { Sight } from '../sight.js';

/** Tells classes that are missing from those that are somebody else's. */
@Injectable()
export class ClassSight extends Sight {
  protected readonly missingCode = 'class.not_found';

  constructor(private readonly access: ClassAccess) {
    super();
  }

  protected async exists(workspaceId: number, name: string): Promise<boolean> {
    return (await this.access.find(workspaceId, name)) !== null;
  }
}
