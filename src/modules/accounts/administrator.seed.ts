import { Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { emailAddress } from '../../common/text.js';
import { Settings } from '../../config/settings.js';
import { Transactions } from '../../database/transactions.js';
import { AdministratorsService, Passwords } from '../members/index.js';
import { MAIN_WORKSPACE } from '../workspaces/index.js';
import { Account } from './account.entity.js';
import { WorkspaceRole } from './workspace-role.entity.js';

/** Any fixed number: nodes that boot together take turns, and the later ones find it done. */
const SEED_LOCK = 7_226_627_811;

/**
 * Makes at boot what ADMIN_EMAIL and ADMIN_PASSWORD describe: an account that owns `main`, and an administrator there who
 * logs in like every member. The account remembers the password of the setting; the member may choose another one, which
 * stays until the setting changes.
 */
@Injectable()
export class AdministratorSeed implements OnApplicationBootstrap {
  constructor(
    private readonly settings: Settings,
    private readonly transactions: Transactions,
    private readonly passwords: Passwords,
    private readonly administrators: AdministratorsService,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    const { adminEmail, adminPassword } = this.settings;
    if (adminEmail === null || adminPassword === null) return;
    const email = emailAddress.parse(adminEmail);
    await this.transactions.run(async (manager) => {
      await manager.query('SELECT pg_advisory_xact_lock($1)', [SEED_LOCK]);
      const { account, passwordChanged } = await this.ensureAccount(manager, email, adminPassword);
      const { id: accountId, passwordHash } = account;
      const workspaceId = MAIN_WORKSPACE.id;
      await this.administrators.ensure({ workspaceId, accountId, email, passwordHash, passwordChanged });
    });
  }

  private async ensureAccount(manager: EntityManager, email: string, password: string) {
    const where = { email };
    const found = await manager.findOne(Account, { where, select: { id: true, email: true, passwordHash: true } });
    const known = found !== null && (await this.passwords.verify(found.passwordHash, password));
    const account = found ?? manager.create(Account, { email, firstName: '', lastName: '' });
    if (!known) account.passwordHash = await this.passwords.hash(password);
    await manager.save(account);
    await this.ensureOwner(manager, account);
    return { account, passwordChanged: !known };
  }

  private async ensureOwner(manager: EntityManager, account: Account): Promise<void> {
    const owner = { accountId: account.id, workspaceId: MAIN_WORKSPACE.id, role: 'owner' } as const;
    if (await manager.existsBy(WorkspaceRole, owner)) return;
    // Somebody else may have registered the address before: their key must not become an owner's.
    await manager.update(Account, { id: account.id }, { accountKeyHash: null });
    await manager.save(WorkspaceRole, owner);
  }
}
