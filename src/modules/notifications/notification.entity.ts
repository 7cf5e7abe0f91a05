import { Column, DeleteDateColumn, Entity, PrimaryColumn, VersionColumn } from 'typeorm';
import { bigintColumn } from '../../database/bigint-column.js';
import type { EventDraft } from '../../events/domain-event.js';
import type { MemberView } from '../members/index.js';

/** Further names of the thing that a notification is about, for clients that want to open it. */
export interface NotifiableNames {
  post_id: number | null;
  parent_comment_id: number | null;
  chat_room_uuid: string | null;
  parent_message_id: number | null;
}

/**
 * Something that one member should see. Whether it is new (counts for the badge) and whether it has been read are two
 * things: who opens the list has seen the badge, but read nothing yet.
 */
@Entity('notifications')
export class Notification {
  @PrimaryColumn({ type: 'bigint', generated: 'identity', transformer: bigintColumn })
  id: number;

  @Column({ type: 'bigint', transformer: bigintColumn })
  workspaceId: number;

  /** Whose it is. */
  @Column({ type: 'bigint', transformer: bigintColumn })
  memberId: number;

  /** Who did it; null for what nobody in particular did. */
  @Column({ type: 'bigint', nullable: true, transformer: bigintColumn })
  actorMemberId: number | null;

  /** The actor as the members feature shows them. No column: `NotificationViews` fills it in. */
  actor?: MemberView | null;

  /** What was done, for programs: `mention`, `reply`, `like`. */
  @Column('text')
  action: string;

  /** The same for people: `mentioned you in`. */
  @Column('text', { nullable: true })
  displayAction: string | null;

  @Column('text', { nullable: true })
  actionWebUrl: string | null;

  /** The tab under which clients show it: `inbox`, `mentions`, `following`. */
  @Column('text')
  notificationGroup: string;

  /** What it is about: `ChatRoomMessage`, `Comment`, `Post`. */
  @Column('text')
  notifiableType: string;

  @Column({ type: 'bigint', transformer: bigintColumn })
  notifiableId: number;

  /** As it was then: who has lost sight of the thing since must not read here how it changed. */
  @Column('text', { nullable: true })
  notifiableTitle: string | null;

  @Column('json')
  notifiable: NotifiableNames;

  /** What the thing belongs to, so that all of one conversation can be marked as read. */
  @Column('text', { nullable: true })
  parentType: string | null;

  @Column({ type: 'bigint', nullable: true, transformer: bigintColumn })
  parentId: number | null;

  @Column({ type: 'bigint', nullable: true, transformer: bigintColumn })
  spaceId: number | null;

  @Column('text', { nullable: true })
  spaceTitle: string | null;

  /** A name for the reason: the member is notified of it once, even if they delete the notification. */
  @Column('text', { nullable: true })
  once: string | null;

  /** Counts for the badge. What is new is neither read nor archived nor deleted. */
  @Column('boolean')
  isNew: boolean;

  @Column('timestamptz', { nullable: true })
  readAt: Date | null;

  @Column('timestamptz', { nullable: true })
  archivedAt: Date | null;

  @VersionColumn()
  version: number;

  @Column('timestamptz')
  createdAt: Date;

  @Column('timestamptz')
  updatedAt: Date;

  @DeleteDateColumn({ type: 'timestamptz', nullable: true })
  deletedAt: Date | null;

  /** Who and which request makes it, where one transaction serves several. No column. */
  cause?: EventDraft['cause'];
}
