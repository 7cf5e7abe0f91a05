import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import type { Repository } from 'typeorm';
import { type AccessRule, AccessRuleFor, type Decision } from '../../access/access-rule.js';
import type { Identity } from '../../auth/identity.js';
import { ApiKeysService } from '../api-keys/index.js';
import { Member } from './member.entity.js';

/** A member, or with `id: null` the member that somebody wants to create. */
export interface MemberThing {
  kind: 'member';
  id: number | null;
}

const ONESELF: Decision = { actions: new Set(['read', 'update', 'subscribe', 'use_key']) };
const OTHERS: Decision = { actions: new Set(['read']) };
const ADMINISTERED: Decision = { actions: new Set(['read', 'delete', 'ban', 'set_role']) };
/** From outside of the workspace: accounts, and programs that are spared the permission checks. */
const FROM_OUTSIDE: Decision = { actions: new Set(['read', 'update', 'delete', 'ban', 'set_role', 'use_key']) };
const ADMINISTRATOR_TO_CREATE: Decision = {
  actions: new Set(['read', 'create', 'create_by_username', 'create_administrator']),
};
const PROGRAM_TO_CREATE: Decision = { actions: new Set(['read', 'create', 'create_by_username']) };
/** Without the flag for it, only members who are known by a name alone. */
const TRUSTED_PROGRAM_TO_CREATE: Decision = { actions: new Set(['read', 'create_by_username']) };

/** Everybody sees the members of their workspace, only oneself their own stream; nobody can remove, ban or promote themselves. */
@Injectable()
@AccessRuleFor('member')
export class MemberAccess implements AccessRule<MemberThing> {
  constructor(
    @InjectRepository(Member) private readonly members: Repository<Member>,
    private readonly apiKeys: ApiKeysService,
  ) {}

  async decide(identity: Identity, { id }: MemberThing): Promise<Decision | null> {
    if (id === null) {
      if (identity.administrator) return ADMINISTRATOR_TO_CREATE;
      if (await this.apiKeys.allows(identity, 'allowUserCreate')) return PROGRAM_TO_CREATE;
      return isTrusted(identity) ? TRUSTED_PROGRAM_TO_CREATE : OTHERS;
    }
    if (!(await this.members.existsBy({ id, workspaceId: identity.workspaceId }))) return null;
    if (identity.memberId === id) return ONESELF;
    if (isTrusted(identity)) return FROM_OUTSIDE;
    return identity.administrator ? ADMINISTERED : OTHERS;
  }
}

/** Who may know the key by which a member acts, and make it another one. */
export function mayUseKeyOf(identity: Identity, memberId: number): boolean {
  return identity.memberId === memberId || isTrusted(identity);
}

function isTrusted(identity: Identity): boolean {
  if (identity.kind === 'account') return identity.administrator;
  return identity.kind === 'api_key' && identity.ignoreAcl;
}
