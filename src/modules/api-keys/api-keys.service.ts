import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { MoreThan, type Repository } from 'typeorm';
import type { ApiKeyIdentity, Identity } from '../../auth/identity.js';
import { ApiKeyDirectory } from '../../auth/identity-directory.js';
import { notFound } from '../../common/domain-error.js';
import type { IdPage } from '../../common/paging.js';
import { Transactions } from '../../database/transactions.js';
import { ApiKey } from './api-key.entity.js';
import { hashApiKey, newApiKey } from './api-key.js';
import type { CreateApiKey } from './api-keys.schemas.js';

/** Makes, finds and withdraws the keys of programs; the guards ask it who a key stands for. */
@Injectable()
export class ApiKeysService extends ApiKeyDirectory {
  constructor(
    @InjectRepository(ApiKey) private readonly keys: Repository<ApiKey>,
    private readonly transactions: Transactions,
  ) {
    super();
  }

  /** The stored key, and the text that the caller has to keep: nobody can ask for it again. */
  async create(workspaceId: number, wanted: CreateApiKey): Promise<{ apiKey: ApiKey; key: string }> {
    const key = newApiKey();
    const apiKey = await this.transactions.run((manager) =>
      manager.save(
        manager.create(ApiKey, {
          workspaceId,
          description: wanted.description,
          keyHash: hashApiKey(key)!,
          ignoreAcl: wanted.ignore_acl,
          allowUserCreate: wanted.allow_user_create,
          allowGroupCreate: wanted.allow_group_create,
          allowAnonymousRead: wanted.allow_anonymous_read,
        }),
      ),
    );
    return { apiKey, key };
  }

  /** Up to one more than the limit. */
  list(workspaceId: number, { limit, after = 0 }: IdPage): Promise<ApiKey[]> {
    return this.keys.find({ where: { workspaceId, id: MoreThan(after) }, order: { id: 'ASC' }, take: limit + 1 });
  }

  async remove(workspaceId: number, id: number): Promise<void> {
    const { affected } = await this.transactions.run((manager) => manager.delete(ApiKey, { workspaceId, id }));
    if (!affected) throw notFound('api_key.not_found', 'There is no such API key.');
  }

  async findApiKey(key: string): Promise<ApiKeyIdentity | null> {
    const keyHash = hashApiKey(key);
    const found = keyHash === null ? null : await this.keys.findOneBy({ keyHash });
    if (!found) return null;
    return {
      kind: 'api_key',
      apiKeyId: found.id,
      workspaceId: found.workspaceId,
      memberId: null,
      administrator: false,
      ignoreAcl: found.ignoreAcl,
    };
  }

  /** Whether the caller is a program whose key carries the flag. */
  async allows(identity: Identity, flag: 'allowUserCreate' | 'allowGroupCreate'): Promise<boolean> {
    return identity.kind === 'api_key' && (await this.keys.existsBy({ id: identity.apiKeyId, [flag]: true }));
  }
}
