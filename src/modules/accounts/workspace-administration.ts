import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import type { Repository } from 'typeorm';
import { type AccountIdentity, hasRole, type WorkspaceRoleName } from '../../auth/identity.js';
import {
  type Workspace,
  type WorkspaceChanges,
  type WorkspaceDetails,
  WorkspacesService,
} from '../workspaces/index.js';
import { Account } from './account.entity.js';
import { roleTooLow } from './accounts.errors.js';
import { WorkspaceRole } from './workspace-role.entity.js';

/** What accounts do with workspaces as a whole: who makes one owns it. */
@Injectable()
export class WorkspaceAdministration {
  constructor(
    @InjectRepository(WorkspaceRole) private readonly roles: Repository<WorkspaceRole>,
    private readonly workspaces: WorkspacesService,
  ) {}

  create({ id: accountId }: Account, wanted: Pick<Workspace, 'name'> & WorkspaceDetails): Promise<Workspace> {
    return this.workspaces.create(wanted, async ({ id: workspaceId }, manager) => {
      await manager.save(manager.create(WorkspaceRole, { accountId, workspaceId, role: 'owner' }));
    });
  }

  /** Another name breaks every address of the workspace, so it takes more. */
  async change(identity: AccountIdentity, changes: WorkspaceChanges): Promise<Workspace> {
    if (!hasRole(identity, changes.name === undefined ? 'write' : 'full')) throw roleTooLow();
    return this.workspaces.change(identity.workspaceId, changes);
  }

  async remove(identity: AccountIdentity): Promise<void> {
    if (!hasRole(identity, 'owner')) throw roleTooLow();
    await this.workspaces.remove(identity.workspaceId);
  }

  /** The account as an identity inside the workspace; null when it has no role there. */
  async identityOf({ id: accountId }: Account, workspaceId: number): Promise<AccountIdentity | null> {
    const found = await this.roles.findOneBy({ accountId, workspaceId });
    if (!found) return null;
    const { role } = found;
    return { kind: 'account', accountId, workspaceId, memberId: null, role, administrator: role !== 'read' };
  }

  /** The account's role in each workspace where it has one. */
  async rolesOf({ id: accountId }: Account): Promise<Map<number, WorkspaceRoleName>> {
    const found = await this.roles.findBy({ accountId });
    return new Map(found.map(({ workspaceId, role }) => [workspaceId, role]));
  }

  /** Who made each of these workspaces, or owns it for the longest. */
  async ownersOf(workspaceIds: number[]): Promise<Map<number, Account>> {
    const rows = await this.roles.manager
      .createQueryBuilder(Account, 'account')
      .innerJoin(WorkspaceRole, 'role', `role.accountId = account.id AND role.role = 'owner'`)
      .where('role.workspaceId = ANY(:workspaceIds)', { workspaceIds })
      .addSelect('role.workspaceId', 'workspace_id')
      .orderBy('account.id', 'DESC')
      .getRawAndEntities<{ workspace_id: string }>();
    const byId = new Map(rows.entities.map((account) => [account.id, account]));
    const owners = rows.raw.map((row) => [Number(row.workspace_id), byId.get(Number(idIn(row)))!] as const);
    return new Map(owners);
  }
}

function idIn(row: object): unknown {
  return (row as { account_id: unknown }).account_id;
}
