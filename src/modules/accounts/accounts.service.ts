import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import type { Repository } from 'typeorm';
import { DerivedKeys, hashKey } from '../../auth/derived-keys.js';
import { Transactions } from '../../database/transactions.js';
import { violatesUnique } from '../../database/unique-violation.js';
import { Passwords } from '../members/index.js';
import { Account } from './account.entity.js';
import { accountEmailTaken, accountNotFound, emailUnknown, passwordWrong } from './accounts.errors.js';

export type AccountDetails = Partial<Pick<Account, 'firstName' | 'lastName'>>;
export type NewAccount = AccountDetails & { email: string; password: string };

/** An account with its key, for the one who has just proved to be its owner. */
export interface OwnAccount {
  account: Account;
  key: string;
}

/** Makes and finds the people who administer workspaces. */
@Injectable()
export class AccountsService {
  constructor(
    @InjectRepository(Account) private readonly accounts: Repository<Account>,
    private readonly passwords: Passwords,
    private readonly keys: DerivedKeys,
    private readonly transactions: Transactions,
  ) {}

  async register({ email, password, firstName = '', lastName = '' }: NewAccount): Promise<OwnAccount> {
    const { key, salt, hash } = this.keys.make();
    const passwordHash = await this.passwords.hash(password);
    const wanted = { email, passwordHash, firstName, lastName, accountKeyHash: hash, accountKeySalt: salt };
    try {
      const account = await this.transactions.run((manager) => manager.save(manager.create(Account, wanted)));
      return { account, key };
    } catch (error) {
      throw violatesUnique(error, 'accounts_email') ? accountEmailTaken() : error;
    }
  }

  /** Whoever logs in gets the key that they have, or a new one when it can no longer be shown. */
  async logIn(email: string, password: string): Promise<OwnAccount> {
    const account = await this.withSecrets().where({ email }).getOne();
    const right = await this.passwords.verify(account?.passwordHash ?? null, password);
    if (!account) throw emailUnknown();
    if (!right) throw passwordWrong();
    return { account, key: this.keyOf(account) ?? (await this.newKey(account.id)) };
  }

  async change(id: number, changes: AccountDetails): Promise<Account> {
    return this.transactions.run(async (manager) => {
      const account = await manager.findOneBy(Account, { id });
      if (!account) throw accountNotFound();
      return manager.save(Object.assign(account, changes));
    });
  }

  /** Null for an unknown or malformed key. */
  async findByKey(key: string): Promise<Account | null> {
    const accountKeyHash = hashKey(key);
    return accountKeyHash === null ? null : this.accounts.findOneBy({ accountKeyHash });
  }

  private keyOf({ accountKeyHash: hash, accountKeySalt: salt }: Account): string | null {
    return hash !== null && salt !== null ? this.keys.recall({ salt, hash }) : null;
  }

  private async newKey(id: number): Promise<string> {
    const { key, salt, hash } = this.keys.make();
    await this.transactions.run((manager) =>
      manager.update(Account, { id }, { accountKeySalt: salt, accountKeyHash: hash }),
    );
    return key;
  }

  private withSecrets() {
    return this.accounts
      .createQueryBuilder('account')
      .addSelect(['account.passwordHash', 'account.accountKeyHash', 'account.accountKeySalt']);
  }
}
