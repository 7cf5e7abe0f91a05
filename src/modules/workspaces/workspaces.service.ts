import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import type { Repository } from 'typeorm';
import { Workspace } from './workspace.entity.js';

/** The workspace that always exists, made by the migration. */
export const MAIN_WORKSPACE = { id: 1, name: 'main' } as const;

/** Finds the tenant that a caller names. */
@Injectable()
export class WorkspacesService {
  constructor(@InjectRepository(Workspace) private readonly workspaces: Repository<Workspace>) {}

  /** Null when there is none of that name; without a name it is `main`. */
  async findId(name: string | undefined): Promise<number | null> {
    if (name === undefined || name === MAIN_WORKSPACE.name) return MAIN_WORKSPACE.id;
    const workspace = await this.workspaces.findOneBy({ name: name.toLowerCase() });
    return workspace?.id ?? null;
  }
}
