import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { ChatRoomParticipant } from './chat-room-participant.entity.js';
import { ChatRoomConversation } from './chat-room.conversation.js';
import type { ChatRoom } from './chat-room.entity.js';
import { ChatRoomInboxes } from './chat-room.inboxes.js';
import { ChatRoomPins } from './chat-room.pins.js';

/**
 * Who administers the room next, if nobody does: who has been in it longest without a break, of those who may take part
 * in the workspace.
 */
const HEIR = `
  SELECT participant.id
  FROM chat_room_participants participant
  JOIN members member ON member.id = participant.member_id AND member.deleted_at IS NULL AND member.banned_at IS NULL
  WHERE participant.chat_room_id = $1 AND participant.deleted_at IS NULL
    AND NOT EXISTS (SELECT FROM chat_room_participants other
                    WHERE other.chat_room_id = $1 AND other.admin AND other.deleted_at IS NULL)
  ORDER BY participant.joined_at, participant.id LIMIT 1`;

/** Takes somebody out of a room: the one way out, whether they leave or are removed. */
@Injectable()
export class ChatRoomLeaving {
  constructor(
    private readonly pins: ChatRoomPins,
    private readonly inboxes: ChatRoomInboxes,
    private readonly conversation: ChatRoomConversation,
  ) {}

  /** Needs the room loaded. The caller has to keep senders out of it. */
  async leave(manager: EntityManager, participant: ChatRoomParticipant): Promise<void> {
    const { chatRoom, memberId, admin } = participant;
    await manager.softRemove(participant);
    await this.pins.drop(manager, participant);
    if (admin) await this.passOn(manager, chatRoom);
    if (chatRoom.isEmbedded) await this.endIfEmpty(manager, chatRoom);
    this.inboxes.gone(manager, chatRoom, [memberId]);
  }

  private async passOn(manager: EntityManager, chatRoom: ChatRoom): Promise<void> {
    const [heir] = await manager.query<{ id: string }[]>(HEIR, [chatRoom.id]);
    if (!heir) return;
    const participant = await manager.findOneByOrFail(ChatRoomParticipant, { id: Number(heir.id) });
    await manager.save(Object.assign(participant, { chatRoom, admin: true }));
  }

  /** Nobody could ever enter it again, but it would keep its place from a new one. */
  private async endIfEmpty(manager: EntityManager, chatRoom: ChatRoom): Promise<void> {
    if (await manager.existsBy(ChatRoomParticipant, { chatRoomId: chatRoom.id })) return;
    await manager.softRemove(chatRoom);
    await this.conversation.ended(manager, chatRoom);
  }
}
