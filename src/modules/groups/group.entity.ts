import { Column, CreateDateColumn, Entity, PrimaryColumn } from 'typeorm';
import { bigintColumn } from '../../database/bigint-column.js';

/** A named set of members, to give permissions to. */
@Entity('groups')
export class Group {
  @PrimaryColumn({ type: 'bigint', generated: 'identity', transformer: bigintColumn })
  id: number;

  @Column({ type: 'bigint', transformer: bigintColumn })
  workspaceId: number;

  @Column('text')
  label: string;

  /** A name for programs, unique in the workspace. */
  @Column('text', { nullable: true })
  name: string | null;

  @Column('text')
  description: string;

  @CreateDateColumn({ type: 'timestamptz' })
  createdAt: Date;
}
