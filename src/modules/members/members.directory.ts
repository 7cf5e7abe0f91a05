import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import type { Repository } from 'typeorm';
import type { MemberIdentity } from '../../auth/identity.js';
import { MemberDirectory } from '../../auth/identity-directory.js';
import { queryPrepared } from '../../database/query-prepared.js';
import { SharedLookup } from '../../database/shared-lookup.js';
import { Transactions } from '../../database/transactions.js';
import { Member, type MemberRole } from './member.entity.js';

const FIND = `
  SELECT id, workspace_id, role, tokens_valid_after FROM members
  WHERE id = ANY($1::bigint[]) AND banned_at IS NULL AND deleted_at IS NULL
    AND NOT EXISTS (SELECT FROM workspaces w WHERE w.id = workspace_id AND w.deleted_at IS NOT NULL)`;

interface Row {
  id: string;
  workspace_id: string;
  role: MemberRole;
  tokens_valid_after: Date | null;
}

/** Tells the guards who a member is right now; removed and banned ones are nobody. */
@Injectable()
export class MembersDirectory extends MemberDirectory {
  private readonly lookup: SharedLookup<number, MemberIdentity | null>;

  constructor(
    @InjectRepository(Member) private readonly members: Repository<Member>,
    transactions: Transactions,
  ) {
    super();
    this.lookup = new SharedLookup(transactions, (ids) => this.findMembers(ids));
  }

  findMember(id: number): Promise<MemberIdentity | null> {
    return this.lookup.find(id);
  }

  private async findMembers(ids: number[]): Promise<(MemberIdentity | null)[]> {
    const rows = await queryPrepared<Row>(this.members.manager, FIND, [ids]);
    const found = new Map(rows.map((row) => [Number(row.id), toIdentity(row)]));
    return ids.map((id) => found.get(id) ?? null);
  }
}

function toIdentity({ id, workspace_id, role, tokens_valid_after }: Row): MemberIdentity {
  return {
    kind: 'member',
    memberId: Number(id),
    workspaceId: Number(workspace_id),
    administrator: role === 'administrator',
    tokensValidAfter: tokens_valid_after?.getTime(),
  };
}
