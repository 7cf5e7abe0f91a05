import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { AccessPolicy } from '../../access/access-policy.js';
import type { Identity } from '../../auth/identity.js';
import { Clock } from '../../common/clock.js';
import { DomainError } from '../../common/domain-error.js';
import type { JsonValue } from '../../common/json.js';
import { currentRequest, type RequestContext, runInRequest } from '../../common/request-context.js';
import { GroupCommit, type Outcome } from '../../database/group-commit.js';
import { Transactions } from '../../database/transactions.js';
import { violatesUnique } from '../../database/unique-violation.js';
import { LiveConfigSchemas } from './live-config-schemas.service.js';
import { mergePatch } from './merge-patch.js';
import { type Precondition, requireVersion } from './precondition.js';
import { addressHash, type ResourceAddress } from './resource-address.js';
import { requireValue } from './resource-value.js';
import { Resource, versionOf } from './resource.entity.js';
import type { ResourceThing } from './resources.access.js';
import { resourceNotFound } from './resources.errors.js';

/** What is to become of a document: a new value, a merged one, or none. */
export type ResourceChange =
  { action: 'put'; value: JsonValue } | { action: 'patch'; value: JsonValue } | { action: 'delete' };

interface Write {
  workspaceId: number;
  address: ResourceAddress;
  change: ResourceChange;
  precondition: Precondition;
  request: RequestContext | undefined;
}

/** The document after a write, as it then was. */
export interface Written {
  resource: Resource;
  created: boolean;
}

/**
 * Writes documents, for those who may. Writes of one document that arrive during a commit share the next one, each with
 * an event and an answer of its own.
 */
@Injectable()
export class ResourceWriting {
  private readonly group: GroupCommit<Write, Written>;

  constructor(
    private readonly policy: AccessPolicy,
    private readonly schemas: LiveConfigSchemas,
    private readonly transactions: Transactions,
    private readonly clock: Clock,
  ) {
    this.group = new GroupCommit(transactions, (_key, writes) => this.writeTogether(writes));
  }

  async write(
    identity: Identity,
    address: ResourceAddress,
    change: ResourceChange,
    precondition: Precondition = {},
  ): Promise<Written> {
    const thing: ResourceThing = { kind: 'resource', of: address };
    await this.policy.require(identity, 'write', thing);
    const { workspaceId } = identity;
    const write = { workspaceId, address, change, precondition, request: currentRequest() };
    return this.group.submit(addressHash(workspaceId, address), write);
  }

  private async writeTogether(writes: Write[]): Promise<Outcome<Written>[]> {
    try {
      return await this.transactions.run((manager) => this.writeAll(manager, writes));
    } catch (error) {
      // Somebody else has just made the document: now there is one to change.
      if (!violatesUnique(error, 'resources_address')) throw error;
      return this.transactions.run((manager) => this.writeAll(manager, writes));
    }
  }

  /** One after another, with the document held. Who may not write is refused alone. */
  private async writeAll(manager: EntityManager, writes: Write[]): Promise<Outcome<Written>[]> {
    const { workspaceId, address } = writes[0]!;
    const where = { workspaceId, addressHash: addressHash(workspaceId, address) };
    const lock = { mode: 'pessimistic_write' as const };
    let row = await manager.findOne(Resource, { where, lock, withDeleted: true });
    const outcomes: Outcome<Written>[] = [];
    for (const write of writes) {
      const before: Resource | null = row?.deletedAt === null ? row : null;
      try {
        const content = await this.contentAfter(manager, write, before);
        row ??= Object.assign(new Resource(), { ...address, ...where });
        this.become(row, content);
        const saved = row;
        row = await inRequest(write.request, () => manager.save(saved));
        outcomes.push({ result: { resource: Object.assign(new Resource(), row), created: before === null } });
      } catch (error) {
        if (!(error instanceof DomainError)) throw error;
        outcomes.push({ error });
      }
    }
    return outcomes;
  }

  private async contentAfter(
    manager: EntityManager,
    { workspaceId, address, change, precondition }: Write,
    before: Resource | null,
  ): Promise<Resource['content']> {
    requireVersion(precondition, before && versionOf(before));
    if (change.action !== 'put' && !before) throw resourceNotFound();
    if (change.action === 'delete') return null;
    const wanted = change.action === 'put' ? change.value : mergePatch(before!.content!.value, change.value);
    requireValue(address.kind, wanted);
    const value =
      address.kind === 'live_config' ? await this.schemas.apply(manager, workspaceId, address, wanted) : wanted;
    return { value };
  }

  private become(row: Resource, content: Resource['content']): void {
    const now = this.clock.now();
    const earliest = row.changedAt === undefined ? 0 : row.changedAt.getTime() + 1;
    row.content = content;
    row.changedAt = new Date(Math.max(now.getTime(), earliest));
    row.deletedAt = content === null ? now : null;
  }
}

/** The event says who caused it. */
function inRequest<T>(request: RequestContext | undefined, work: () => T): T {
  return request ? runInRequest(request, work) : work();
}
