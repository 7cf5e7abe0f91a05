import { Column, DeleteDateColumn, Entity, JoinColumn, ManyToOne, PrimaryColumn, VersionColumn } from 'typeorm';
import type { JsonObject } from '../../common/json.js';
import { bigintColumn } from '../../database/bigint-column.js';
import type { EventDraft } from '../../events/domain-event.js';
import { ChatRoom, ChatRoomParticipant } from '../chat-rooms/index.js';

/** What one participant said in a room: a root, or a reply to one. */
@Entity('chat_room_messages')
export class Message {
  @PrimaryColumn({ type: 'bigint', generated: 'identity', transformer: bigintColumn })
  id: number;

  @Column({ type: 'bigint', transformer: bigintColumn })
  chatRoomId: number;

  @ManyToOne(() => ChatRoom)
  @JoinColumn({ name: 'chat_room_id' })
  chatRoom: ChatRoom;

  @Column({ type: 'bigint', transformer: bigintColumn })
  chatRoomParticipantId: number;

  @ManyToOne(() => ChatRoomParticipant)
  @JoinColumn({ name: 'chat_room_participant_id' })
  participant: ChatRoomParticipant;

  /** The sender's own name for it, once in a room: what makes a retry harmless. */
  @Column('text')
  creationUuid: string;

  /** The text of the document below. */
  @Column('text')
  body: string;

  @Column('json')
  richTextBody: JsonObject;

  /** Always a root: a reply to a reply belongs to the same thread. */
  @Column({ type: 'bigint', nullable: true, transformer: bigintColumn })
  parentMessageId: number | null;

  /** Of replies. A root has the thread that names it, so that it need not change when somebody replies. */
  @Column({ type: 'bigint', nullable: true, transformer: bigintColumn })
  chatThreadId: number | null;

  @Column('timestamptz')
  sentAt: Date;

  @Column('timestamptz', { nullable: true })
  editedAt: Date | null;

  @VersionColumn()
  version: number;

  @DeleteDateColumn({ type: 'timestamptz', nullable: true })
  deletedAt: Date | null;

  /** Who and which request sends it, where one transaction serves several. No column. */
  cause?: EventDraft['cause'];

  /** Of a reply that goes because its root does. No column. */
  goesWithRoot?: boolean;
}
