import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { And, type EntityManager, In, type Repository } from 'typeorm';
import { Clock } from '../../common/clock.js';
import type { IdStretch } from '../../common/paging.js';
import { idsIn, stretched } from '../../database/id-stretch.js';
import { Transactions } from '../../database/transactions.js';
import { violatesUnique } from '../../database/unique-violation.js';
import { WorkspaceLifecycle } from './workspace-lifecycle.js';
import { Workspace } from './workspace.entity.js';
import { mainStays, workspaceNameTaken, workspaceNotFound } from './workspaces.errors.js';

/** The workspace that always exists, made by the migration. */
export const MAIN_WORKSPACE = { id: 1, name: 'main' } as const;

export type WorkspaceDetails = Pick<Workspace, 'description' | 'metadata'>;

/** Finds the tenant that a caller names, and makes, changes and removes tenants. */
@Injectable()
export class WorkspacesService {
  constructor(
    @InjectRepository(Workspace) private readonly workspaces: Repository<Workspace>,
    private readonly transactions: Transactions,
    private readonly lifecycle: WorkspaceLifecycle,
    private readonly clock: Clock,
  ) {}

  /** Null when there is none of that name; without a name it is `main`. */
  async findId(name: string | undefined): Promise<number | null> {
    if (name === undefined || name === MAIN_WORKSPACE.name) return MAIN_WORKSPACE.id;
    return (await this.find(name))?.id ?? null;
  }

  async nameOf(id: number): Promise<string> {
    if (id === MAIN_WORKSPACE.id) return MAIN_WORKSPACE.name;
    return (await this.workspaces.findOneByOrFail({ id })).name;
  }

  async find(name: string): Promise<Workspace | null> {
    // What the database cannot even be asked for is nobody's name.
    if (!/^[\w-]{1,200}$/.test(name)) return null;
    return this.workspaces.findOneBy({ name: name.toLowerCase() });
  }

  /** Of these workspaces up to one more than the limit. */
  list(ids: number[], stretch: IdStretch): Promise<Workspace[]> {
    return this.workspaces.find({ where: [{ id: And(In(ids), idsIn(stretch)) }], ...stretched(stretch) });
  }

  /** `more` belongs to the same transaction: whoever makes a workspace also says whose it is. */
  async create(
    wanted: Pick<Workspace, 'name'> & WorkspaceDetails,
    more: (workspace: Workspace, manager: EntityManager) => Promise<void>,
  ): Promise<Workspace> {
    try {
      return await this.transactions.run(async (manager) => {
        const workspace = await manager.save(manager.create(Workspace, wanted));
        await this.lifecycle.created(workspace.id, manager);
        await more(workspace, manager);
        return workspace;
      });
    } catch (error) {
      throw violatesUnique(error, 'workspaces_name') ? workspaceNameTaken() : error;
    }
  }

  async change(id: number, changes: Partial<WorkspaceDetails>): Promise<Workspace> {
    return this.transactions.run(async (manager) => {
      const workspace = await lock(manager, id);
      return manager.save(Object.assign(workspace, changes));
    });
  }

  /** Nobody gets in any more, and who is in is sent out; the rows stay where they are. */
  async remove(id: number): Promise<void> {
    if (id === MAIN_WORKSPACE.id) throw mainStays();
    await this.transactions.run(async (manager) => {
      const workspace = await lock(manager, id);
      await this.lifecycle.removed(id, manager);
      await manager.save(Object.assign(workspace, { deletedAt: this.clock.now() }));
    });
  }
}

async function lock(manager: EntityManager, id: number): Promise<Workspace> {
  const workspace = await manager.findOne(Workspace, { where: { id }, lock: { mode: 'for_no_key_update' } });
  if (!workspace) throw workspaceNotFound();
  return workspace;
}
