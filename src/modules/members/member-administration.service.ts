import { Injectable } from '@nestjs/common';
import { In } from 'typeorm';
import { administratorsOnly } from '../../auth/auth.errors.js';
import type { Identity } from '../../auth/identity.js';
import { Clock } from '../../common/clock.js';
import { Transactions } from '../../database/transactions.js';
import { Member, type MemberRole } from './member.entity.js';
import { memberNotFound } from './members.errors.js';

/** What administrators decide about others: who may take part, and as what. */
@Injectable()
export class MemberAdministration {
  constructor(
    private readonly transactions: Transactions,
    private readonly clock: Clock,
  ) {}

  /** Ends the member's sessions and suspends all of their tokens until the ban is lifted; a second ban changes nothing. */
  async ban(by: Identity, id: number): Promise<void> {
    await this.change(by, id, (member) => (member.bannedAt ??= this.clock.now()));
  }

  async unban(by: Identity, id: number): Promise<void> {
    await this.change(by, id, (member) => (member.bannedAt = null));
  }

  setRole(by: Identity, id: number, role: MemberRole): Promise<Member> {
    return this.change(by, id, (member) => (member.role = role));
  }

  /** Both are locked, in one order for all: of two administrators who degrade each other at once, one stays. */
  private async change({ workspaceId, memberId }: Identity, id: number, alter: (member: Member) => void) {
    return this.transactions.run(async (manager) => {
      const people = await manager.find(Member, {
        where: { workspaceId, id: In([memberId, id]) },
        order: { id: 'ASC' },
        lock: { mode: 'for_no_key_update' },
      });
      const by = people.find((person) => person.id === memberId);
      if (by?.role !== 'administrator' || by.bannedAt !== null) throw administratorsOnly();
      const member = people.find((person) => person.id === id);
      if (!member) throw memberNotFound();
      alter(member);
      return manager.save(member);
    });
  }
}
