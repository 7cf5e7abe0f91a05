import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { type EntityManager, In, type Repository } from 'typeorm';
import { DerivedKeys, hashKey } from '../../auth/derived-keys.js';
import type { ApiKeyIdentity, Identity } from '../../auth/identity.js';
import { ApiKeyDirectory } from '../../auth/identity-directory.js';
import type { IdStretch } from '../../common/paging.js';
import { heldRow } from '../../database/held-row.js';
import { idsIn, stretched } from '../../database/id-stretch.js';
import { SharedLookup } from '../../database/shared-lookup.js';
import { Transactions } from '../../database/transactions.js';
import { EventLog } from '../../events/event-log.js';
import { ApiKey } from './api-key.entity.js';
import { keyNotFound } from './api-keys.errors.js';
import type { CreateApiKey } from './api-keys.schemas.js';
import { keysChanged } from './keys-changed.js';

export type ApiKeyChanges = Partial<
  Pick<ApiKey, 'description' | 'ignoreAcl' | 'allowUserCreate' | 'allowGroupCreate' | 'allowAnonymousRead'>
>;

/** Makes, finds, changes and withdraws the keys of programs; the guards ask it who a key stands for. */
@Injectable()
export class ApiKeysService extends ApiKeyDirectory {
  /** Many may ask at once, such as clients that poll: they share a question. */
  private readonly byHash: SharedLookup<string, ApiKey | null>;

  constructor(
    @InjectRepository(ApiKey) private readonly keys: Repository<ApiKey>,
    private readonly derived: DerivedKeys,
    private readonly transactions: Transactions,
    private readonly log: EventLog,
  ) {
    super();
    this.byHash = new SharedLookup(transactions, (hashes) => this.findAll(hashes));
  }

  /** The stored key, and the text that the caller has to keep. */
  async create(workspaceId: number, wanted: CreateApiKey): Promise<{ apiKey: ApiKey; key: string }> {
    const { key, salt, hash } = this.derived.make();
    const apiKey = await this.transactions.run((manager) =>
      manager.save(
        manager.create(ApiKey, {
          workspaceId,
          description: wanted.description,
          keyHash: hash,
          keySalt: salt,
          ignoreAcl: wanted.ignore_acl,
          allowUserCreate: wanted.allow_user_create,
          allowGroupCreate: wanted.allow_group_create,
          allowAnonymousRead: wanted.allow_anonymous_read,
        }),
      ),
    );
    return { apiKey, key };
  }

  async get(workspaceId: number, id: number): Promise<ApiKey> {
    const found = await this.keys.findOneBy({ workspaceId, id });
    if (!found) throw keyNotFound();
    return found;
  }

  /** Up to one more than the limit. */
  list(workspaceId: number, stretch: IdStretch): Promise<ApiKey[]> {
    return this.keys.find({ where: { workspaceId, id: idsIn(stretch) }, ...stretched(stretch) });
  }

  async change(workspaceId: number, id: number, changes: ApiKeyChanges): Promise<ApiKey> {
    return this.transactions.run(async (manager) => {
      const apiKey = await heldRow(manager, ApiKey, { workspaceId, id }, keyNotFound);
      this.tellThatKeysChanged(manager);
      return manager.save(Object.assign(apiKey, changes));
    });
  }

  /** The key gets another text; the one of before is of no more use. */
  async reset(workspaceId: number, id: number): Promise<ApiKey> {
    return this.transactions.run(async (manager) => {
      const apiKey = await heldRow(manager, ApiKey, { workspaceId, id }, keyNotFound);
      const { salt: keySalt, hash: keyHash } = this.derived.make();
      await manager.update(ApiKey, { id }, { keySalt, keyHash });
      this.tellThatKeysChanged(manager);
      return apiKey;
    });
  }

  async remove(workspaceId: number, id: number): Promise<void> {
    await this.transactions.run(async (manager) => {
      const { affected } = await manager.delete(ApiKey, { workspaceId, id });
      if (!affected) throw keyNotFound();
      this.tellThatKeysChanged(manager);
    });
  }

  /** With their workspace; in the transaction that removes it. */
  async removeAll(workspaceId: number, manager: EntityManager): Promise<void> {
    await manager.delete(ApiKey, { workspaceId });
    this.tellThatKeysChanged(manager);
  }

  /** The texts of these keys, for those who may see them; a key that cannot be shown any more is absent. */
  async textsOf(ids: number[]): Promise<Map<number, string>> {
    const select = { id: true, keySalt: true, keyHash: true };
    const texts = new Map<number, string>();
    for (const { id, keySalt: salt, keyHash: hash } of await this.keys.find({ select, where: { id: In(ids) } })) {
      const text = salt === null ? null : this.derived.recall({ salt, hash });
      if (text !== null) texts.set(id, text);
    }
    return texts;
  }

  async findApiKey(key: string): Promise<ApiKeyIdentity | null> {
    const keyHash = hashKey(key);
    const found = keyHash === null ? null : await this.byHash.find(keyHash);
    if (!found) return null;
    return {
      kind: 'api_key',
      apiKeyId: found.id,
      workspaceId: found.workspaceId,
      memberId: null,
      administrator: false,
      ignoreAcl: found.ignoreAcl,
      allowAnonymousRead: found.allowAnonymousRead,
    };
  }

  private async findAll(hashes: string[]): Promise<(ApiKey | null)[]> {
    const select = { id: true, keyHash: true, workspaceId: true, ignoreAcl: true, allowAnonymousRead: true };
    const found = await this.keys.find({ select, where: { keyHash: In([...new Set(hashes)]) } });
    const byHash = new Map(found.map((key) => [key.keyHash, key]));
    return hashes.map((hash) => byHash.get(hash) ?? null);
  }

  /** Whether the caller comes through a program whose key carries the flag. */
  async allows(identity: Identity, flag: 'allowUserCreate' | 'allowGroupCreate'): Promise<boolean> {
    if (identity.kind === 'account' || identity.apiKeyId === undefined) return false;
    return this.keys.existsBy({ id: identity.apiKeyId, [flag]: true });
  }

  private tellThatKeysChanged(manager: EntityManager): void {
    this.log.append(manager, [keysChanged()]);
  }
}
