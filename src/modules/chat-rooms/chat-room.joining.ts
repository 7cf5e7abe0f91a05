import { Injectable } from '@nestjs/common';
import { type EntityManager, In } from 'typeorm';
import { Clock } from '../../common/clock.js';
import { ChatRoomParticipant } from './chat-room-participant.entity.js';
import { ChatRoomConversation } from './chat-room.conversation.js';
import type { ChatRoom } from './chat-room.entity.js';
import { ChatRoomInboxes } from './chat-room.inboxes.js';
import { ChatRoomPeople } from './chat-room.people.js';

/** Gives members a place in a room: the one way in, whether the room is new or they were there before. */
@Injectable()
export class ChatRoomJoining {
  constructor(
    private readonly conversation: ChatRoomConversation,
    private readonly people: ChatRoomPeople,
    private readonly inboxes: ChatRoomInboxes,
    private readonly clock: Clock,
  ) {}

  /** The new participants; who is in the room already is skipped. The caller has to keep senders out of the room. */
  async join(
    manager: EntityManager,
    chatRoom: ChatRoom,
    memberIds: number[],
    { admin }: { admin?: number } = {},
  ): Promise<ChatRoomParticipant[]> {
    const where = { chatRoomId: chatRoom.id, memberId: In(memberIds) };
    const known = await manager.find(ChatRoomParticipant, { where, withDeleted: true });
    const byMember = new Map(known.map((participant) => [participant.memberId, participant]));
    const newcomers = [...new Set(memberIds)].filter((id) => byMember.get(id)?.deletedAt !== null);
    await this.people.requireActive(manager, chatRoom.workspaceId, newcomers);
    const place = {
      chatRoomId: chatRoom.id,
      chatRoom,
      muted: false,
      archived: false,
      archivedAfterMessageId: 0,
      joinedAt: this.clock.now(),
      historyAfterMessageId: await this.conversation.newestMessageId(manager, chatRoom.id),
      deletedAt: null,
    };
    const joined = newcomers.map((memberId) => {
      const row = byMember.get(memberId) ?? manager.create(ChatRoomParticipant, { memberId });
      return Object.assign(row, place, { admin: memberId === admin });
    });
    await this.people.fill(manager, joined);
    await manager.save(joined);
    await this.inboxes.appeared(manager, joined);
    return joined;
  }
}
