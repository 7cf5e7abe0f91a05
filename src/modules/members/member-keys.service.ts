import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { type EntityManager, In, type Repository } from 'typeorm';
import { DerivedKeys, hashKey } from '../../auth/derived-keys.js';
import { Transactions } from '../../database/transactions.js';
import { EventLog } from '../../events/event-log.js';
import { keysChanged } from '../api-keys/index.js';
import { MemberKey } from './member-key.entity.js';
import { MembersService } from './members.service.js';

/** The keys by which members act through programs: each has one, made when it is first asked for. */
@Injectable()
export class MemberKeys {
  constructor(
    @InjectRepository(MemberKey) private readonly keys: Repository<MemberKey>,
    private readonly members: MembersService,
    private readonly derived: DerivedKeys,
    private readonly transactions: Transactions,
    private readonly log: EventLog,
  ) {}

  /** The keys of these members. */
  async keysOf(memberIds: number[]): Promise<Map<number, string>> {
    const found = await this.keys.findBy({ memberId: In(memberIds) });
    const texts = new Map<number, string>();
    for (const { memberId, ...kept } of found) {
      const text = this.derived.recall(kept);
      if (text !== null) texts.set(memberId, text);
    }
    const missing = memberIds.filter((id) => !texts.has(id));
    if (missing.length === 0) return texts;
    return this.transactions.run(async (manager) => {
      // Of two who ask for the first time at once, both get the key of the one who was faster.
      await this.members.hold(missing, manager);
      for (const memberId of missing) texts.set(memberId, await this.issue(manager, memberId));
      return texts;
    });
  }

  /** The key of before is of no more use. */
  async reset(memberId: number): Promise<string> {
    return this.transactions.run(async (manager) => {
      this.log.append(manager, [keysChanged()]);
      return this.renew(manager, memberId);
    });
  }

  /** Whose key it is; null for an unknown or malformed one. */
  async find(key: string): Promise<number | null> {
    const hash = hashKey(key);
    const found = hash === null ? null : await this.keys.findOneBy({ hash });
    return found?.memberId ?? null;
  }

  /** The caller holds the member. */
  private async issue(manager: EntityManager, memberId: number): Promise<string> {
    const present = await manager.findOneBy(MemberKey, { memberId });
    const known = present && this.derived.recall(present);
    return known ?? this.renew(manager, memberId);
  }

  private async renew(manager: EntityManager, memberId: number): Promise<string> {
    const { key, salt, hash } = this.derived.make();
    await manager.upsert(MemberKey, { memberId, salt, hash }, ['memberId']);
    return key;
  }
}
