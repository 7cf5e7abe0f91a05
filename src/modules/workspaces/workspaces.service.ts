import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { And, type EntityManager, In, type Repository } from 'typeorm';
import { Clock } from '../../common/clock.js';
import type { JsonObject } from '../../common/json.js';
import type { NamedStretch } from '../../common/paging.js';
import { heldRow } from '../../database/held-row.js';
import { idsIn, namedLike, stretched } from '../../database/id-stretch.js';
import { SharedLookup } from '../../database/shared-lookup.js';
import { Transactions } from '../../database/transactions.js';
import { violatesUnique } from '../../database/unique-violation.js';
import { WorkspaceLifecycle } from './workspace-lifecycle.js';
import { Workspace } from './workspace.entity.js';
import { mainStays, workspaceNameTaken, workspaceNotFound } from './workspaces.errors.js';

/** The workspace that always exists, made by the migration. */
export const MAIN_WORKSPACE = { id: 1, name: 'main' } as const;

export type WorkspaceDetails = Pick<Workspace, 'description' | 'metadata'> & Partial<Pick<Workspace, 'memberChannels'>>;
export type WorkspaceChanges = Partial<WorkspaceDetails & Pick<Workspace, 'name' | 'config'>>;

/** Finds the tenant that a caller names, and makes, changes and removes tenants. */
@Injectable()
export class WorkspacesService {
  /** Many may ask at once, such as clients that poll: they share a question. */
  private readonly byName: SharedLookup<string, Workspace | null>;
  private readonly memberChannels: SharedLookup<number, boolean>;

  constructor(
    @InjectRepository(Workspace) private readonly workspaces: Repository<Workspace>,
    private readonly transactions: Transactions,
    private readonly lifecycle: WorkspaceLifecycle,
    private readonly clock: Clock,
  ) {
    this.byName = new SharedLookup(transactions, (names) => this.findAll(names));
    this.memberChannels = new SharedLookup(transactions, (ids) => this.findMemberChannels(ids));
  }

  /** Null when there is none of that name; without a name it is `main`. */
  async findId(name: string | undefined): Promise<number | null> {
    if (name === undefined || name === MAIN_WORKSPACE.name) return MAIN_WORKSPACE.id;
    return (await this.find(name))?.id ?? null;
  }

  async find(name: string): Promise<Workspace | null> {
    // What the database cannot even be asked for is nobody's name.
    if (!/^[\w-]{1,200}$/.test(name)) return null;
    return this.byName.find(name.toLowerCase());
  }

  private async findAll(names: string[]): Promise<(Workspace | null)[]> {
    const found = await this.workspaces.findBy({ name: In([...new Set(names)]) });
    const byName = new Map(found.map((workspace) => [workspace.name, workspace]));
    return names.map((name) => byName.get(name) ?? null);
  }

  async get(id: number): Promise<Workspace> {
    const workspace = await this.workspaces.findOneBy({ id });
    if (!workspace) throw workspaceNotFound();
    return workspace;
  }

  /** Whether members may make channels of their own; one question for all who ask in the same turn. */
  hasMemberChannels(id: number): Promise<boolean> {
    return this.memberChannels.find(id);
  }

  /** Of these workspaces up to one more than the limit. */
  list(ids: number[], stretch: NamedStretch): Promise<Workspace[]> {
    const where = { id: And(In(ids), idsIn(stretch)), ...namedLike(stretch) };
    return this.workspaces.find({ where, ...stretched(stretch) });
  }

  async configOf(id: number): Promise<JsonObject> {
    const found = await this.workspaces.findOne({ select: { id: true, config: true }, where: { id } });
    if (!found) throw workspaceNotFound();
    return found.config;
  }

  /** `more` belongs to the same transaction: whoever makes a workspace also says whose it is. */
  async create(
    wanted: Pick<Workspace, 'name'> & WorkspaceDetails,
    more: (workspace: Workspace, manager: EntityManager) => Promise<void>,
  ): Promise<Workspace> {
    return this.named(async (manager) => {
      const workspace = await manager.save(manager.create(Workspace, wanted));
      await this.lifecycle.created(workspace.id, manager);
      await more(workspace, manager);
      return workspace;
    });
  }

  async change(id: number, changes: WorkspaceChanges): Promise<Workspace> {
    const { name } = changes;
    if (id === MAIN_WORKSPACE.id && name !== undefined && name !== MAIN_WORKSPACE.name) throw mainStays();
    return this.named(async (manager) => {
      const workspace = await heldRow(manager, Workspace, { id }, workspaceNotFound);
      return manager.save(Object.assign(workspace, changes));
    });
  }

  /** Nobody gets in any more, and who is in is sent out; the rows stay where they are. */
  async remove(id: number): Promise<void> {
    if (id === MAIN_WORKSPACE.id) throw mainStays();
    await this.transactions.run(async (manager) => {
      const workspace = await heldRow(manager, Workspace, { id }, workspaceNotFound);
      await this.lifecycle.removed(id, manager);
      await manager.save(Object.assign(workspace, { deletedAt: this.clock.now() }));
    });
  }

  /** A transaction that gives a workspace its name, which nobody else may have. */
  private async named(write: (manager: EntityManager) => Promise<Workspace>): Promise<Workspace> {
    try {
      return await this.transactions.run(write);
    } catch (error) {
      throw violatesUnique(error, 'workspaces_name') ? workspaceNameTaken() : error;
    }
  }

  private async findMemberChannels(ids: number[]): Promise<boolean[]> {
    const found = await this.workspaces.find({ select: { id: true }, where: { id: In(ids), memberChannels: true } });
    const allowing = new Set(found.map(({ id }) => id));
    return ids.map((id) => allowing.has(id));
  }
}
