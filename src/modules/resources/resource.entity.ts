import { Column, CreateDateColumn, DeleteDateColumn, Entity, PrimaryColumn } from 'typeorm';
import type { JsonValue } from '../../common/json.js';
import { bigintColumn } from '../../database/bigint-column.js';
import type { EventDraft } from '../../events/domain-event.js';
import type { Scope } from './place.js';
import type { ResourceAddress, ResourceKind, Store } from './resource-address.js';

/** What happened to a document in one step of a transaction that takes several: each of them is an event. */
export interface ResourceStep {
  action: 'created' | 'updated' | 'deleted';
  content: Resource['content'];
  changedAt: Date;
  changes: number;
  cause: EventDraft['cause'];
}

/**
 * A document: one JSON value at one address. The row stays when the document goes, without the value: if it is made again,
 * its version goes on rising.
 */
@Entity('resources')
export class Resource implements ResourceAddress {
  @PrimaryColumn({ type: 'bigint', generated: 'identity', transformer: bigintColumn })
  id: number;

  @Column({ type: 'bigint', transformer: bigintColumn })
  workspaceId: number;

  @Column('text')
  kind: ResourceKind;

  @Column('text')
  scope: Scope;

  @Column('text', { nullable: true })
  organization: string | null;

  @Column('text', { nullable: true })
  project: string | null;

  @Column('text', { nullable: true })
  world: string | null;

  @Column('text', { nullable: true })
  launchContext: string | null;

  @Column({ type: 'bigint', nullable: true, transformer: bigintColumn })
  memberId: number | null;

  @Column('text', { nullable: true })
  store: Store | null;

  @Column('text')
  name: string;

  /** All of the address in one, unique in the workspace. */
  @Column('text')
  addressHash: string;

  /** In an object of its own, because SQL has a null of its own; null when the document is gone. */
  @Column('jsonb', { nullable: true })
  content: { value: JsonValue } | null;

  /** The time of the last change, and always later than the one of before. */
  @Column('timestamptz')
  changedAt: Date;

  /** How often it has been changed. Counted here and not by TypeORM, because one save may be several changes. */
  @Column({ name: 'version', type: 'integer' })
  changes: number;

  /** Not stored: how it came to be as it is now, since it was last saved. */
  steps: ResourceStep[] | undefined;

  @CreateDateColumn({ type: 'timestamptz' })
  createdAt: Date;

  @DeleteDateColumn({ type: 'timestamptz', nullable: true })
  deletedAt: Date | null;
}

/** What the outside calls the version of a document: greater as a text, later as a time. */
export function versionOf({ changedAt }: Pick<Resource, 'changedAt'>): string {
  return changedAt.toISOString();
}
