import {
  Column,
  CreateDateColumn,
  DeleteDateColumn,
  Entity,
  PrimaryColumn,
  UpdateDateColumn,
  VersionColumn,
} from 'typeorm';
import { bigintColumn } from '../../database/bigint-column.js';

export const MEMBER_ROLES = ['member', 'administrator'] as const;
export type MemberRole = (typeof MEMBER_ROLES)[number];

/** A person inside one workspace. */
@Entity('members')
export class Member {
  @PrimaryColumn({ type: 'bigint', generated: 'identity', transformer: bigintColumn })
  id: number;

  @Column({ type: 'bigint', transformer: bigintColumn })
  workspaceId: number;

  /** The account that this member is the face of; null for everybody who administers nothing. */
  @Column({ type: 'bigint', transformer: bigintColumn, nullable: true })
  accountId: number | null;

  /** In lower case; unique in the workspace among those who are not removed. */
  @Column('text')
  email: string;

  /** Another name to log in with, in lower case; unique in the workspace among those who are not removed. */
  @Column('text', { nullable: true })
  username: string | null;

  @Column('text', { select: false })
  passwordHash: string;

  @Column('text')
  name: string;

  @Column('text')
  role: MemberRole;

  @Column('text', { nullable: true })
  avatarUrl: string | null;

  @Column('text', { nullable: true })
  headline: string | null;

  @Column('text', { nullable: true })
  bio: string | null;

  @Column('text', { nullable: true })
  location: string | null;

  /** The name under which others may know the person outside of the workspace. */
  @Column('uuid')
  userPublicUid: string;

  @Column('timestamptz', { nullable: true })
  bannedAt: Date | null;

  /** The subject under which another issuer knows the member; unique in the workspace, also among those removed. */
  @Column('text', { nullable: true })
  externalId: string | null;

  /** When the member last logged out everywhere: tokens issued before are of no more use. */
  @Column('timestamptz', { nullable: true })
  tokensValidAfter: Date | null;

  @VersionColumn()
  version: number;

  @CreateDateColumn({ type: 'timestamptz' })
  createdAt: Date;

  @UpdateDateColumn({ type: 'timestamptz' })
  updatedAt: Date;

  @DeleteDateColumn({ type: 'timestamptz', nullable: true })
  deletedAt: Date | null;
}
