import { Column, CreateDateColumn, Entity, PrimaryColumn } from 'typeorm';
import { bigintColumn } from '../../database/bigint-column.js';

/** One link of a login's chain of refresh tokens; each is used once and gives the next one of the same family. */
@Entity('refresh_tokens')
export class RefreshToken {
  @PrimaryColumn({ type: 'bigint', generated: 'identity', transformer: bigintColumn })
  id: number;

  @Column({ type: 'bigint', transformer: bigintColumn })
  memberId: number;

  /** All tokens that descend from one login. */
  @Column('uuid')
  family: string;

  /** SHA-256 of the token. It is 256 random bits, so it needs no salt and no slow hash. */
  @Column('text')
  tokenHash: string;

  @Column('timestamptz')
  expiresAt: Date;

  @Column('timestamptz', { nullable: true })
  usedAt: Date | null;

  @Column('timestamptz', { nullable: true })
  revokedAt: Date | null;

  @CreateDateColumn({ type: 'timestamptz' })
  createdAt: Date;
}
