import { Injectable } from '@nestjs/common';
import { Transactions } from '../../../database/transactions.js';
import { type Member, MembersService, namedByUsername, Passwords, renamed } from '../../../modules/members/index.js';
import { ProfilesService } from '../../../modules/objects/index.js';
import { WireError } from '../wire/errors.js';
import type { UserForm } from './user.form.js';

/** Writes a member and their profile as the one thing that a user is. */
@Injectable()
export class Users {
  constructor(
    private readonly members: MembersService,
    private readonly profiles: ProfilesService,
    private readonly passwords: Passwords,
    private readonly transactions: Transactions,
  ) {}

  async create(workspaceId: number, { username, password, profile = {} }: UserForm): Promise<Member> {
    const passwordHash = await this.passwords.hash(password!);
    return this.transactions.run(async () => {
      const member = await this.members.create({ workspaceId, passwordHash, ...namedByUsername(username!) });
      await this.profiles.write(workspaceId, member.id, profile);
      return member;
    });
  }

  async change(workspaceId: number, id: number, { username, password, profile }: UserForm): Promise<Member> {
    const passwordHash = password === undefined ? undefined : await this.passwords.hash(password);
    const before = await this.members.get(workspaceId, id);
    return this.transactions.run(async () => {
      if (profile) await this.profiles.write(workspaceId, id, profile);
      return this.members.update(id, {
        ...(username !== undefined && renamed(before, username)),
        ...(passwordHash !== undefined && { passwordHash }),
      });
    });
  }

  /** Whoever logs in by name. */
  async logIn(workspaceId: number, username: string, password: string): Promise<Member> {
    const member = await this.members.findByUsername(workspaceId, username);
    const right = await this.passwords.verify(member?.passwordHash ?? null, password);
    if (!member || member.bannedAt !== null) throw new WireError(401, { detail: 'Invalid username.' });
    if (!right) throw new WireError(401, { detail: 'Invalid password.' });
    return member;
  }
}
