import { Column, Entity, JoinColumn, OneToOne, PrimaryColumn } from 'typeorm';
import { bigintColumn } from '../../database/bigint-column.js';
import { ChatRoomParticipant } from './chat-room-participant.entity.js';

/** That a member keeps a room at the top of their list; nobody else's business. */
@Entity('chat_room_pins')
export class ChatRoomPin {
  @PrimaryColumn({ type: 'bigint', transformer: bigintColumn })
  chatRoomParticipantId: number;

  @OneToOne(() => ChatRoomParticipant)
  @JoinColumn({ name: 'chat_room_participant_id' })
  participant: ChatRoomParticipant;

  @Column('timestamptz')
  pinnedAt: Date;
}
