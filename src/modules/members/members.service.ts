import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { type EntityManager, type FindOptionsWhere, ILike, In, IsNull, type Repository } from 'typeorm';
import { Clock } from '../../common/clock.js';
import type { IdStretch } from '../../common/paging.js';
import { heldRow } from '../../database/held-row.js';
import { idsIn, stretched } from '../../database/id-stretch.js';
import { Transactions } from '../../database/transactions.js';
import { violatesUnique } from '../../database/unique-violation.js';
import { Member } from './member.entity.js';
import { type MemberView, toMemberView } from './member.view.js';
import { emailTaken, externalIdTaken, memberNotFound, membersNotFound, usernameTaken } from './members.errors.js';
import { RefreshTokensService } from './refresh-tokens.service.js';
import { toUsername } from './usernames.js';

type Profile = Partial<Pick<Member, 'name' | 'avatarUrl' | 'headline' | 'bio' | 'location'>>;
export type NewMember = Profile &
  Pick<Member, 'workspaceId' | 'email' | 'name' | 'passwordHash'> &
  Partial<Pick<Member, 'role' | 'accountId' | 'externalId' | 'username'>>;
export type MemberChanges = Profile &
  Partial<Pick<Member, 'passwordHash' | 'role' | 'bannedAt' | 'accountId' | 'username' | 'email'>>;

/** Makes, finds, changes and removes the people of a workspace. */
@Injectable()
export class MembersService {
  constructor(
    @InjectRepository(Member) private readonly members: Repository<Member>,
    private readonly refreshTokens: RefreshTokensService,
    private readonly transactions: Transactions,
    private readonly clock: Clock,
  ) {}

  async create(wanted: NewMember): Promise<Member> {
    const member = this.members.create({ role: 'member', ...wanted, userPublicUid: randomUUID() });
    return unique(() => this.transactions.run((manager) => manager.save(member)));
  }

  async get(workspaceId: number, id: number): Promise<Member> {
    const member = await this.members.findOneBy({ workspaceId, id });
    if (!member) throw memberNotFound();
    return member;
  }

  /** Those of the ids that are members of the workspace. */
  withIds(workspaceId: number, ids: number[]): Promise<Member[]> {
    return this.members.find({ where: { workspaceId, id: In(ids) }, order: { id: 'ASC' } });
  }

  /** Up to one more than the limit. Searches only what everybody may see, or it would tell about the rest. */
  list(workspaceId: number, { q = '', ...stretch }: IdStretch & { q?: string }): Promise<Member[]> {
    const where: FindOptionsWhere<Member> = { workspaceId, id: idsIn(stretch) };
    if (q !== '') where.name = ILike(`%${q.replace(/[\\%_]/g, '\\$&')}%`);
    return this.members.find({ where, ...stretched(stretch) });
  }

  /** The public views of these members by id, also of those who have been removed since: what they wrote stays theirs. */
  async publicViews(ids: number[], manager?: EntityManager): Promise<Map<number, MemberView>> {
    const found = await (manager ?? this.members.manager).find(Member, { where: { id: In(ids) }, withDeleted: true });
    return new Map(found.map((member) => [member.id, toMemberView(member)]));
  }

  /** Throws `member.not_found`, naming the ids, unless all of them are members of the workspace who may take part. */
  async requireActive(workspaceId: number, ids: number[], manager?: EntityManager): Promise<void> {
    const where = { workspaceId, id: In(ids), bannedAt: IsNull() };
    const found = await (manager ?? this.members.manager).find(Member, { select: { id: true }, where });
    const active = new Set(found.map((member) => member.id));
    const missing = ids.filter((id) => !active.has(id));
    if (missing.length > 0) throw membersNotFound(missing);
  }

  /**
   * Lets nobody else hold these members until the transaction ends. Always in the order of their ids, so that two who hold
   * many cannot wait for each other in a circle. Also those who have been removed.
   */
  hold(ids: number[], manager: EntityManager): Promise<Member[]> {
    return manager
      .createQueryBuilder(Member, 'member')
      .select(['member.id', 'member.workspaceId', 'member.bannedAt', 'member.deletedAt'])
      .where('member.id = ANY(:ids)', { ids })
      .orderBy('member.id')
      .setLock('for_no_key_update')
      .withDeleted()
      .getMany();
  }

  /** With the password hash, for the one who checks it; by the name that they log in with. */
  async findByUsername(workspaceId: number, username: string): Promise<Member | null> {
    const named = toUsername(username);
    const found = await this.members
      .createQueryBuilder('member')
      .addSelect('member.passwordHash')
      .where('member.workspaceId = :workspaceId', { workspaceId })
      .andWhere('(member.username = :named OR (member.username IS NULL AND member.email = :named))', { named })
      .getMany();
    // A name that somebody chose goes before an address that reads the same.
    return found.find(({ username: own }) => own === named) ?? found[0] ?? null;
  }

  /** With the password hash, for the one who checks it. */
  findForLogin(where: { workspaceId: number; email: string } | { id: number }): Promise<Member | null> {
    return this.members.createQueryBuilder('member').addSelect('member.passwordHash').where(where).getOne();
  }

  /** A new password ends all logins, the one that changes it too: whoever knew the old one has to log in again. */
  async update(id: number, changes: MemberChanges): Promise<Member> {
    const write = async (manager: EntityManager): Promise<Member> => {
      const member = await heldRow(manager, Member, { id }, memberNotFound);
      if (changes.passwordHash !== undefined) await this.endLoginsOf(member, manager);
      return manager.save(Object.assign(member, changes));
    };
    return unique(() => this.transactions.run(write));
  }

  /** The member's content stays; their sessions end (see MemberSubscriber) and so do their logins. */
  async remove(workspaceId: number, id: number): Promise<void> {
    await this.transactions.run(async (manager) => {
      const member = await heldRow(manager, Member, { workspaceId, id }, memberNotFound);
      await manager.softRemove(member);
      await this.refreshTokens.revokeAllOf(id, manager);
    });
  }

  /** Logs the member out everywhere: all tokens of before stop, and so do the sessions (see MemberSubscriber). */
  async endLogins(id: number): Promise<void> {
    await this.transactions.run(async (manager) => {
      const member = await heldRow(manager, Member, { id }, memberNotFound);
      await this.endLoginsOf(member, manager);
      await manager.save(member);
    });
  }

  /** The caller saves the member. */
  private async endLoginsOf(member: Member, manager: EntityManager): Promise<void> {
    // Always later than the last time, because tokens are told apart by it.
    const earliest = (member.tokensValidAfter?.getTime() ?? 0) + 1;
    member.tokensValidAfter = new Date(Math.max(this.clock.now().getTime(), earliest));
    await this.refreshTokens.revokeAllOf(member.id, manager);
  }
}

async function unique<T>(write: () => Promise<T>): Promise<T> {
  try {
    return await write();
  } catch (error) {
    if (violatesUnique(error, 'members_external_id')) throw externalIdTaken();
    if (violatesUnique(error, 'members_username')) throw usernameTaken();
    throw violatesUnique(error, 'members_email') ? emailTaken() : error;
  }
}
