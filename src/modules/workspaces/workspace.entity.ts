import { Column, CreateDateColumn, DeleteDateColumn, Entity, PrimaryColumn, UpdateDateColumn } from 'typeorm';
import { bigintColumn } from '../../database/bigint-column.js';
import type { JsonObject } from '../../common/json.js';

/** The tenant: everything belongs to one. */
@Entity('workspaces')
export class Workspace {
  @PrimaryColumn({ type: 'bigint', generated: 'identity', transformer: bigintColumn })
  id: number;

  /** Lower case; stands in URLs. Unique among those that are not removed. */
  @Column('text')
  name: string;

  @Column('text')
  description: string;

  /** Whatever its administrators want to keep with it. */
  @Column('jsonb')
  metadata: JsonObject;

  /** What the programs of the workspace share; read only by itself. */
  @Column({ type: 'jsonb', select: false })
  config: JsonObject;

  /** Whether members may make channels of their own. */
  @Column('boolean')
  memberChannels: boolean;

  @CreateDateColumn({ type: 'timestamptz' })
  createdAt: Date;

  @UpdateDateColumn({ type: 'timestamptz' })
  updatedAt: Date;

  /** Of a removed one nobody hears again; its rows stay. */
  @DeleteDateColumn({ type: 'timestamptz', nullable: true })
  deletedAt: Date | null;
}
