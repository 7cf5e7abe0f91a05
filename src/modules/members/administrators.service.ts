import { Injectable, Logger } from '@nestjs/common';
import { Transactions } from '../../database/transactions.js';
import { Member } from './member.entity.js';
import { MembersService } from './members.service.js';

/** The member that has to exist, as the settings describe it. */
export interface WantedAdministrator {
  workspaceId: number;
  accountId: number;
  email: string;
  passwordHash: string;
  /** The settings name another password than at the last boot. */
  passwordChanged: boolean;
}

/** Makes or keeps the member behind an account that administers a workspace. */
@Injectable()
export class AdministratorsService {
  private readonly logger = new Logger(AdministratorsService.name);

  constructor(
    private readonly members: MembersService,
    private readonly transactions: Transactions,
  ) {}

  async ensure(wanted: WantedAdministrator): Promise<void> {
    const { workspaceId, accountId, email, passwordHash, passwordChanged } = wanted;
    await this.transactions.run(async (manager) => {
      const own = await manager.findOneBy(Member, { workspaceId, accountId });
      const namesake = own ? null : await manager.findOneBy(Member, { workspaceId, email });
      const found = own ?? (namesake?.role === 'administrator' ? namesake : null);
      if (found) {
        const kept = found === own && !passwordChanged;
        const changes = { accountId, role: 'administrator', bannedAt: null } as const;
        await this.members.update(found.id, kept ? changes : { ...changes, passwordHash });
        return;
      }
      if (namesake) {
        // Nobody checked that this person owns the address, and they hold valid tokens: promoting them would hand over the workspace.
        this.logger.warn(`Member ${namesake.id} used the administrator's address and has been removed`);
        await this.members.remove(workspaceId, namesake.id);
      }
      const name = 'Administrator';
      await this.members.create({ workspaceId, accountId, email, name, passwordHash, role: 'administrator' });
    });
  }
}
