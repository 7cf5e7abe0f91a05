import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { JsonObject } from '../../common/json.js';
import { bigintColumn } from '../../database/bigint-column.js';
import type { ClassLevel } from './class-level.js';
import type { SchemaField } from './class-schema.js';

/** A kind of objects: the fields that each of them has, and who may read and make some. */
@Entity('classes')
export class ObjectClass {
  @PrimaryColumn({ type: 'bigint', generated: 'identity', transformer: bigintColumn })
  id: number;

  @Column({ type: 'bigint', transformer: bigintColumn })
  workspaceId: number;

  /** Lower case, unique in the workspace; never changes. */
  @Column('text')
  name: string;

  @Column('text')
  description: string;

  @Column('jsonb')
  schema: SchemaField[];

  /** Grows with each change of the schema. */
  @Column('int')
  revision: number;

  @Column({ type: 'bigint', nullable: true, transformer: bigintColumn })
  groupId: number | null;

  @Column('text')
  groupPermissions: ClassLevel;

  @Column('text')
  otherPermissions: ClassLevel;

  @Column('jsonb')
  metadata: JsonObject;

  @Column('timestamptz')
  createdAt: Date;

  @Column('timestamptz')
  updatedAt: Date;
}
