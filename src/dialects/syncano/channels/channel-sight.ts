import { Injectable } from '@nestjs/common';
import { ChannelAccess } from '../../../modules/channels/index.js';
import { Sight } from '../sight.js';

/** Tells channels that are missing from those that are somebody else's. */
@Injectable()
export class ChannelSight extends Sight {
  protected readonly missingCode = 'channel.not_found';

  constructor(private readonly access: ChannelAccess) {
    super();
  }

  protected async exists(workspaceId: number, name: string): Promise<boolean> {
    return (await this.access.find(workspaceId, name)) !== null;
  }
}
