import { Column, DeleteDateColumn, Entity, JoinColumn, ManyToOne, PrimaryColumn, VersionColumn } from 'typeorm';
import { bigintColumn } from '../../database/bigint-column.js';
import type { MemberView } from '../members/index.js';
import { ChatRoom } from './chat-room.entity.js';

/**
 * A member's place in a room. There is one row for each room and member: who comes back gets the old one, so their
 * messages stay theirs.
 */
@Entity('chat_room_participants')
export class ChatRoomParticipant {
  @PrimaryColumn({ type: 'bigint', generated: 'identity', transformer: bigintColumn })
  id: number;

  @Column({ type: 'bigint', transformer: bigintColumn })
  chatRoomId: number;

  @ManyToOne(() => ChatRoom)
  @JoinColumn({ name: 'chat_room_id' })
  chatRoom: ChatRoom;

  @Column({ type: 'bigint', transformer: bigintColumn })
  memberId: number;

  /** Who it is, as the members feature says. No column: `ChatRoomPeople` fills it in. */
  member: MemberView;

  /** May change the room and who is in it. */
  @Column('boolean')
  admin: boolean;

  /** Wants no notifications; events flow all the same. */
  @Column('boolean')
  muted: boolean;

  /** Out of the way, until the next root message. */
  @Column('boolean')
  archived: boolean;

  /** The newest message at the time of archiving: a later root ends it, and nothing is written when that is sent. */
  @Column({ type: 'bigint', transformer: bigintColumn })
  archivedAfterMessageId: number;

  @Column('timestamptz')
  joinedAt: Date;

  /** The newest message at the time of joining; where the room does not show its history, only later ones are theirs. */
  @Column({ type: 'bigint', transformer: bigintColumn })
  historyAfterMessageId: number;

  @VersionColumn()
  version: number;

  @DeleteDateColumn({ type: 'timestamptz', nullable: true })
  deletedAt: Date | null;
}

/** The part of a participant and their room that rights depend on. */
export type ChatRoomPlace = Pick<ChatRoomParticipant, 'admin' | 'historyAfterMessageId'> & {
  chatRoom: Pick<ChatRoom, 'kind' | 'showHistory'>;
};

/** The participant sees the messages of the room with a greater id than this. */
export function visibleAfter({ chatRoom, historyAfterMessageId }: ChatRoomPlace): number {
  return chatRoom.showHistory ? 0 : historyAfterMessageId;
}
