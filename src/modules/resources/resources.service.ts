import { Injectable } from '@nestjs/common';
import { type FindOptionsWhere, IsNull, MoreThan } from 'typeorm';
import { AccessPolicy } from '../../access/access-policy.js';
import type { Identity } from '../../auth/identity.js';
import { Transactions } from '../../database/transactions.js';
import type { Position } from '../../events/domain-event.js';
import { EventLog } from '../../events/event-log.js';
import { addressHash, type ResourceAddress } from './resource-address.js';
import { Resource } from './resource.entity.js';
import type { ResourceThing } from './resources.access.js';
import { resourceStreams } from './resources.streams.js';

export interface NamePage {
  limit: number;
  after?: string;
}

/** Reads documents, for those who may. */
@Injectable()
export class ResourcesService {
  constructor(
    private readonly policy: AccessPolicy,
    private readonly transactions: Transactions,
    private readonly log: EventLog,
  ) {}

  /** The document, null when there is none, and where its stream stood when it was read. */
  async read(identity: Identity, address: ResourceAddress): Promise<{ resource: Resource | null; at: Position }> {
    await this.require(identity, address);
    const { workspaceId } = identity;
    const where = { workspaceId, addressHash: addressHash(workspaceId, address) };
    return this.transactions.snapshot(async (manager) => ({
      resource: await manager.findOneBy(Resource, where),
      at: await this.log.head(resourceStreams.document(workspaceId, address), manager),
    }));
  }

  /** Those beside this one, in the order of their names, up to one more than the limit. Not their values. */
  async list(identity: Identity, beside: ResourceAddress, { limit, after = '' }: NamePage): Promise<Resource[]> {
    await this.require(identity, beside);
    const { workspaceId } = identity;
    const { kind, scope, organization, project, world, launchContext, memberId, store } = beside;
    const place = { kind, scope, organization, project, world, launchContext, memberId, store };
    const where = Object.fromEntries(Object.entries(place).map(([name, value]) => [name, value ?? IsNull()]));
    return this.transactions.snapshot((manager) =>
      manager.find(Resource, {
        select: { id: true, name: true, changedAt: true },
        where: { workspaceId, name: MoreThan(after), ...where } as FindOptionsWhere<Resource>,
        order: { name: 'ASC' },
        take: limit + 1,
      }),
    );
  }

  private async require(identity: Identity, address: ResourceAddress): Promise<void> {
    const thing: ResourceThing = { kind: 'resource', of: address };
    await this.policy.require(identity, 'read', thing);
  }
}
