import { Column, CreateDateColumn, Entity, PrimaryColumn } from 'typeorm';
import { bigintColumn } from '../../database/bigint-column.js';

/** A program's credential for one workspace. The key itself is never stored (see DerivedKeys). */
@Entity('api_keys')
export class ApiKey {
  @PrimaryColumn({ type: 'bigint', generated: 'identity', transformer: bigintColumn })
  id: number;

  @Column({ type: 'bigint', transformer: bigintColumn })
  workspaceId: number;

  @Column('text')
  description: string;

  /** SHA-256 of the key. It is 160 random bits, so it needs no salt and no slow hash. */
  @Column('text', { select: false })
  keyHash: string;

  /** What the key was made of; null for one that cannot be shown again. */
  @Column('text', { select: false, nullable: true })
  keySalt: string | null;

  /** No permission checks on channels, their history, classes and objects. */
  @Column('boolean')
  ignoreAcl: boolean;

  @Column('boolean')
  allowUserCreate: boolean;

  @Column('boolean')
  allowGroupCreate: boolean;

  /** May read without a member what others may read. */
  @Column('boolean')
  allowAnonymousRead: boolean;

  @CreateDateColumn({ type: 'timestamptz' })
  createdAt: Date;
}
