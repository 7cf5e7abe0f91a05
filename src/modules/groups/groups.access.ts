import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import type { Repository } from 'typeorm';
import { type AccessRule, AccessRuleFor, type Decision } from '../../access/access-rule.js';
import type { Identity } from '../../auth/identity.js';
import { ApiKeysService } from '../api-keys/index.js';
import { Group } from './group.entity.js';

/** A group, or with `id: null` the group that somebody wants to create. */
export interface GroupThing {
  kind: 'group';
  id: number | null;
}

const EVERYBODY: Decision = { actions: new Set(['read']) };
const PROGRAM_TO_CREATE: Decision = { actions: new Set(['read', 'create']) };
const ADMINISTRATOR: Decision = { actions: new Set(['read', 'create', 'update', 'delete']) };

/** Everybody in the workspace sees its groups, administrators change them; a key's flag lets a program add some. */
@Injectable()
@AccessRuleFor('group')
export class GroupAccess implements AccessRule<GroupThing> {
  constructor(
    @InjectRepository(Group) private readonly groups: Repository<Group>,
    private readonly apiKeys: ApiKeysService,
  ) {}

  async decide(identity: Identity, { id }: GroupThing): Promise<Decision | null> {
    if (id !== null && !(await this.groups.existsBy({ id, workspaceId: identity.workspaceId }))) return null;
    if (identity.administrator) return ADMINISTRATOR;
    const mayCreate = id === null && (await this.apiKeys.allows(identity, 'allowGroupCreate'));
    return mayCreate ? PROGRAM_TO_CREATE : EVERYBODY;
  }
}
