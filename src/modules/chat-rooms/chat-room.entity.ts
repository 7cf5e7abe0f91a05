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

/** `direct`: exactly two people, one room for each pair; `group_chat`: any number of them. */
export const CHAT_ROOM_KINDS = ['direct', 'group_chat'] as const;
export type ChatRoomKind = (typeof CHAT_ROOM_KINDS)[number];

/** What an embedded room belongs to. */
export const PARENT_TYPES = ['Space', 'LiveRoom', 'Lesson'] as const;

/** A conversation of some members of one workspace. */
@Entity('chat_rooms')
export class ChatRoom {
  @PrimaryColumn({ type: 'bigint', generated: 'identity', transformer: bigintColumn })
  id: number;

  /** The name of the room everywhere outside of the database. */
  @Column('uuid')
  uuid: string;

  @Column({ type: 'bigint', transformer: bigintColumn })
  workspaceId: number;

  /** What the room is, in words: `direct-3-7`. Unique among the living rooms of the workspace. */
  @Column('text')
  identifier: string;

  @Column('text')
  kind: ChatRoomKind;

  @Column('text', { nullable: true })
  name: string | null;

  @Column('text', { nullable: true })
  description: string | null;

  /** Otherwise each participant sees only what was sent after they joined. */
  @Column('boolean')
  showHistory: boolean;

  /** A living message of this room. No foreign key: it would have to be cleared before every delete, and is. */
  @Column({ type: 'bigint', nullable: true, transformer: bigintColumn })
  pinnedMessageId: number | null;

  @Column('boolean')
  isEmbedded: boolean;

  @Column('text', { nullable: true })
  parentType: (typeof PARENT_TYPES)[number] | null;

  @Column({ type: 'bigint', nullable: true, transformer: bigintColumn })
  parentId: number | null;

  @VersionColumn()
  version: number;

  @CreateDateColumn({ type: 'timestamptz' })
  createdAt: Date;

  @UpdateDateColumn({ type: 'timestamptz' })
  updatedAt: Date;

  @DeleteDateColumn({ type: 'timestamptz', nullable: true })
  deletedAt: Date | null;
}
