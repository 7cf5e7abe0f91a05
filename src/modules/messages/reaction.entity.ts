import { Column, Entity, JoinColumn, ManyToOne, PrimaryColumn } from 'typeorm';
import { bigintColumn } from '../../database/bigint-column.js';
import { ChatRoomParticipant } from '../chat-rooms/index.js';

/** One participant's answer to a message in one emoji. Of those who have left too: what they said stays theirs. */
@Entity('chat_room_message_reactions')
export class Reaction {
  /** In the order of reacting. */
  @PrimaryColumn({ type: 'bigint', generated: 'identity', transformer: bigintColumn })
  id: number;

  @Column({ type: 'bigint', transformer: bigintColumn })
  chatRoomMessageId: number;

  @Column({ type: 'bigint', transformer: bigintColumn })
  chatRoomParticipantId: number;

  @ManyToOne(() => ChatRoomParticipant)
  @JoinColumn({ name: 'chat_room_participant_id' })
  participant: ChatRoomParticipant;

  @Column('text')
  emoji: string;
}
