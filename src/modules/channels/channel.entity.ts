import { Column, Entity, PrimaryColumn, VersionColumn } from 'typeorm';
import { bigintColumn } from '../../database/bigint-column.js';
import type { ChannelLevel } from './channel-level.js';

/** `separate_rooms`: every message belongs to one sub-room, and members read one sub-room at a time. */
export const CHANNEL_TYPES = ['default', 'separate_rooms'] as const;
export type ChannelType = (typeof CHANNEL_TYPES)[number];

/** A named publish/subscribe channel of a workspace. Its messages are not rows of their own: they are its stream. */
@Entity('channels')
export class Channel {
  @PrimaryColumn({ type: 'bigint', generated: 'identity', transformer: bigintColumn })
  id: number;

  @Column({ type: 'bigint', transformer: bigintColumn })
  workspaceId: number;

  /** Lower case, unique in the workspace; never changes. */
  @Column('text')
  name: string;

  /** Never changes. */
  @Column('text')
  type: ChannelType;

  @Column('text')
  description: string;

  @Column({ type: 'bigint', nullable: true, transformer: bigintColumn })
  groupId: number | null;

  /** What members of the group may do. */
  @Column('text')
  groupPermissions: ChannelLevel;

  /** What every member may do, those of the group included. */
  @Column('text')
  otherPermissions: ChannelLevel;

  /** Whether anybody may publish messages of their own; objects tell their changes all the same. */
  @Column('boolean')
  customPublish: boolean;

  /** The member who made it, where members may make channels. */
  @Column({ type: 'bigint', nullable: true, transformer: bigintColumn })
  ownerMemberId: number | null;

  @VersionColumn()
  version: number;

  @Column('timestamptz')
  createdAt: Date;

  @Column('timestamptz')
  updatedAt: Date;
}
