import { Column, CreateDateColumn, Entity, PrimaryColumn } from 'typeorm';
import { bigintColumn } from '../../database/bigint-column.js';

/** Someone who administers workspaces, whether or not they are a member of any. */
@Entity('accounts')
export class Account {
  @PrimaryColumn({ type: 'bigint', generated: 'identity', transformer: bigintColumn })
  id: number;

  /** In lower case. */
  @Column('text')
  email: string;

  @Column('text', { select: false })
  passwordHash: string;

  @Column('text')
  firstName: string;

  @Column('text')
  lastName: string;

  /** SHA-256 of the account key; null while none has been issued. */
  @Column('text', { select: false, nullable: true })
  accountKeyHash: string | null;

  /** What the account key was made of (see DerivedKeys). */
  @Column('text', { select: false, nullable: true })
  accountKeySalt: string | null;

  @CreateDateColumn({ type: 'timestamptz' })
  createdAt: Date;
}
