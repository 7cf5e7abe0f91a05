import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import type { EntityManager, Repository } from 'typeorm';
import { AccessPolicy } from '../../access/access-policy.js';
import type { Identity } from '../../auth/identity.js';
import { Clock } from '../../common/clock.js';
import type { JsonObject } from '../../common/json.js';
import { Transactions } from '../../database/transactions.js';
import { LiveConfigSchema } from './live-config-schema.entity.js';
import { addressHash, type ResourceAddress } from './resource-address.js';
import type { ResourceThing } from './resources.access.js';
import { resourceNotFound } from './resources.errors.js';
import { requireSettingsSchema } from './settings-schema.js';

/** The schemas of live configurations: they rule every write that comes after them. */
@Injectable()
export class LiveConfigSchemas {
  constructor(
    @InjectRepository(LiveConfigSchema) private readonly schemas: Repository<LiveConfigSchema>,
    private readonly policy: AccessPolicy,
    private readonly transactions: Transactions,
    private readonly clock: Clock,
  ) {}

  async get(identity: Identity, address: ResourceAddress): Promise<JsonObject> {
    await this.require(identity, 'read', address);
    const found = await this.schemas.findOneBy(keyOf(identity.workspaceId, address));
    if (!found) throw resourceNotFound();
    return found.schema as JsonObject;
  }

  async set(identity: Identity, address: ResourceAddress, schema: JsonObject): Promise<void> {
    await this.require(identity, 'write', address);
    requireSettingsSchema(schema);
    const key = keyOf(identity.workspaceId, address);
    const row = { ...key, schema, updatedAt: this.clock.now() };
    await this.transactions.run((manager) => manager.upsert(LiveConfigSchema, row, Object.keys(key)));
  }

  async remove(identity: Identity, address: ResourceAddress): Promise<void> {
    await this.require(identity, 'write', address);
    const key = keyOf(identity.workspaceId, address);
    const { affected } = await this.transactions.run((manager) => manager.delete(LiveConfigSchema, key));
    if (!affected) throw resourceNotFound();
  }

  /** The schema of a configuration, null for none; it stays as it is until the transaction ends. */
  async hold(manager: EntityManager, workspaceId: number, address: ResourceAddress): Promise<JsonObject | null> {
    const where = keyOf(workspaceId, address);
    const found = await manager.findOne(LiveConfigSchema, { where, lock: { mode: 'pessimistic_read' } });
    return found && (found.schema as JsonObject);
  }

  private async require(identity: Identity, action: 'read' | 'write', address: ResourceAddress): Promise<void> {
    const thing: ResourceThing = { kind: 'resource', of: address };
    await this.policy.require(identity, action, thing);
  }
}

function keyOf(workspaceId: number, address: ResourceAddress) {
  return { workspaceId, addressHash: addressHash(workspaceId, address) };
}
