import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { AccessPolicy } from '../../access/access-policy.js';
import { causeBy } from '../../auth/cause.js';
import type { Identity } from '../../auth/identity.js';
import { Clock } from '../../common/clock.js';
import { DomainError } from '../../common/domain-error.js';
import type { JsonObject, JsonValue } from '../../common/json.js';
import { GroupCommit, type Outcome } from '../../database/group-commit.js';
import { Transactions } from '../../database/transactions.js';
import { violatesUnique } from '../../database/unique-violation.js';
import type { EventDraft } from '../../events/domain-event.js';
import { LiveConfigSchemas } from './live-config-schemas.service.js';
import { mergePatch } from './merge-patch.js';
import { type Precondition, requireVersion } from './precondition.js';
import { addressHash, type ResourceAddress } from './resource-address.js';
import { requireValue } from './resource-value.js';
import { Resource, type ResourceStep, versionOf } from './resource.entity.js';
import type { ResourceThing } from './resources.access.js';
import { resourceNotFound } from './resources.errors.js';
import { applySettingsSchema } from './settings-schema.js';

/** What is to become of a document: a new value, a merged one, or none. */
export type ResourceChange =
  { action: 'put'; value: JsonValue } | { action: 'patch'; value: JsonValue } | { action: 'delete' };

interface Write {
  workspaceId: number;
  address: ResourceAddress;
  change: ResourceChange;
  precondition: Precondition;
  /** Several requests are written together, and each event says who caused it. */
  cause: EventDraft['cause'];
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
    const cause = causeBy(identity);
    const write = { workspaceId, address, change, precondition, cause };
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

  /** One after another, with the document held, and saved once. Who may not write is refused alone. */
  private async writeAll(manager: EntityManager, writes: Write[]): Promise<Outcome<Written>[]> {
    const { workspaceId, address } = writes[0]!;
    const where = { workspaceId, addressHash: addressHash(workspaceId, address) };
    const lock = { mode: 'pessimistic_write' as const };
    const found = await manager.findOne(Resource, { where, lock, withDeleted: true });
    const row = found ?? Object.assign(new Resource(), { ...address, ...where });
    const isConfig = address.kind === 'live_config';
    const schema = isConfig ? await this.schemas.hold(manager, workspaceId, address) : null;
    row.steps = [];
    const outcomes = writes.map((write) => this.step(row, row.steps!, write, schema));
    if (row.steps.length > 0) await manager.save(row);
    return outcomes;
  }

  private step(row: Resource, steps: ResourceStep[], write: Write, schema: JsonObject | null): Outcome<Written> {
    const exists = row.content != null;
    try {
      const content = contentAfter(row, write, schema);
      const now = this.clock.now();
      const earliest = row.changedAt === undefined ? 0 : row.changedAt.getTime() + 1;
      const changedAt = new Date(Math.max(now.getTime(), earliest));
      const changes = (row.changes ?? 0) + 1;
      Object.assign(row, { content, changedAt, changes, deletedAt: content === null ? now : null });
      const action = content === null ? 'deleted' : exists ? 'updated' : 'created';
      steps.push({ action, content, changedAt, changes, cause: write.cause });
      return { result: { resource: Object.assign(new Resource(), row), created: !exists } };
    } catch (error) {
      if (error instanceof DomainError) return { error };
      throw error;
    }
  }
}

function contentAfter(
  before: Resource,
  { address: { kind }, change, precondition }: Write,
  schema: JsonObject | null,
): Resource['content'] {
  const { content = null } = before;
  requireVersion(precondition, content && versionOf(before));
  if (change.action !== 'put' && !content) throw resourceNotFound();
  if (change.action === 'delete') return null;
  const wanted = change.action === 'put' ? change.value : mergePatch(content!.value, change.value);
  requireValue(kind, wanted);
  return { value: schema ? applySettingsSchema(schema, wanted) : wanted };
}
