import { Column, Entity, PrimaryColumn, VersionColumn } from 'typeorm';
import type { JsonObject } from '../../common/json.js';
import { bigintColumn } from '../../database/bigint-column.js';
import type { ObjectLevel } from './object-level.js';

/** One object of a class: values that the schema of the class has checked, with an owner and permissions of its own. */
@Entity('objects')
export class StoredObject {
  @PrimaryColumn({ type: 'bigint', generated: 'identity', transformer: bigintColumn })
  id: number;

  @Column({ type: 'bigint', transformer: bigintColumn })
  workspaceId: number;

  @Column({ type: 'bigint', transformer: bigintColumn })
  classId: number;

  @Column({ type: 'bigint', nullable: true, transformer: bigintColumn })
  ownerId: number | null;

  @Column('text')
  ownerPermissions: ObjectLevel;

  @Column({ type: 'bigint', nullable: true, transformer: bigintColumn })
  groupId: number | null;

  @Column('text')
  groupPermissions: ObjectLevel;

  @Column('text')
  otherPermissions: ObjectLevel;

  /** The channel that is told what happens to the object. Fixed at birth; null again when the channel is deleted. */
  @Column({ type: 'bigint', nullable: true, transformer: bigintColumn })
  channelId: number | null;

  @Column('text', { nullable: true })
  channelRoom: string | null;

  /** Grows with each change of a value. */
  @Column('int')
  revision: number;

  /** The values by the names of their fields; those that are not set are absent. */
  @Column('jsonb')
  data: JsonObject;

  /** The member whom the object describes; null for all but profiles. */
  @Column({ type: 'bigint', nullable: true, transformer: bigintColumn })
  profileOf: number | null;

  @VersionColumn()
  version: number;

  @Column('timestamptz')
  createdAt: Date;

  @Column('timestamptz')
  updatedAt: Date;
}
