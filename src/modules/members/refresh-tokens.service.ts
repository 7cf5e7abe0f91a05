import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { type EntityManager, IsNull, LessThan } from 'typeorm';
import { Clock } from '../../common/clock.js';
import { Settings } from '../../config/settings.js';
import { Transactions } from '../../database/transactions.js';
import { Member } from './member.entity.js';
import { RefreshToken } from './refresh-token.entity.js';

const DAY_MS = 86_400_000;

/** A member with the refresh token that continues their login. */
export interface Login {
  member: Member;
  refreshToken: string;
}

/**
 * Keeps logins alive beyond the access token's hour. Each token works once; a used one that comes back means that two
 * parties hold it, so its whole family ends.
 */
@Injectable()
export class RefreshTokensService {
  constructor(
    private readonly transactions: Transactions,
    private readonly settings: Settings,
    private readonly clock: Clock,
  ) {}

  /** Begins a new family: a login. */
  start(member: Member): Promise<Login> {
    return this.transactions.run((manager) => this.issue(manager, member, randomUUID()));
  }

  /** Uses the token up and continues its family. `reused`: it had been used before, and the family has ended now. */
  async rotate(token: string): Promise<Login | 'reused' | 'invalid'> {
    // Results instead of errors, because the end of a family has to be committed.
    return this.transactions.run(async (manager) => {
      const member = await lockOwner(manager, token);
      const current = await manager.findOneBy(RefreshToken, { tokenHash: hashOf(token) });
      if (!current) return 'invalid';
      const now = this.clock.now();
      if (current.usedAt) {
        await manager.update(RefreshToken, { family: current.family, revokedAt: IsNull() }, { revokedAt: now });
        return 'reused';
      }
      if (current.revokedAt || current.expiresAt <= now || !member || member.bannedAt) return 'invalid';
      await manager.update(RefreshToken, { id: current.id }, { usedAt: now });
      return this.issue(manager, member, current.family);
    });
  }

  /** Ends the login that the token belongs to; an unknown token has nothing to end. */
  async revoke(token: string): Promise<void> {
    await this.transactions.run(async (manager) => {
      await lockOwner(manager, token);
      const current = await manager.findOneBy(RefreshToken, { tokenHash: hashOf(token) });
      if (!current) return;
      const revokedAt = this.clock.now();
      await manager.update(RefreshToken, { family: current.family, revokedAt: IsNull() }, { revokedAt });
    });
  }

  /** Ends all logins of a member, in the caller's transaction. */
  async revokeAllOf(memberId: number, manager: EntityManager): Promise<void> {
    await manager.update(RefreshToken, { memberId, revokedAt: IsNull() }, { revokedAt: this.clock.now() });
  }

  private async issue(manager: EntityManager, member: Member, family: string): Promise<Login> {
    const refreshToken = randomBytes(32).toString('base64url');
    const now = this.clock.now();
    const expiresAt = new Date(now.getTime() + this.settings.refreshTokenTtlDays * DAY_MS);
    // Expired ones are of no more use, not even to notice that they come back.
    await manager.delete(RefreshToken, { memberId: member.id, expiresAt: LessThan(now) });
    await manager.insert(RefreshToken, { memberId: member.id, family, tokenHash: hashOf(refreshToken), expiresAt });
    return { member, refreshToken };
  }
}

/**
 * Locks the token's member, so that everything about their logins happens one after the other: two uses of one token,
 * or a use and the end of its family. Null when the member has been removed or the token is unknown.
 */
async function lockOwner(manager: EntityManager, token: string): Promise<Member | null> {
  const known = await manager.findOneBy(RefreshToken, { tokenHash: hashOf(token) });
  if (!known) return null;
  return manager.findOne(Member, { where: { id: known.memberId }, lock: { mode: 'for_no_key_update' } });
}

function hashOf(token: string): string {
  return createHash('sha256').update(token).digest('hex');
}
