import { Injectable } from '@nestjs/common';
import { MoreThan } from 'typeorm';
import type { Identity } from '../../auth/identity.js';
import type { IdPage } from '../../common/paging.js';
import { Transactions } from '../../database/transactions.js';
import { ChatRoomParticipant } from './chat-room-participant.entity.js';
import { decideFor } from './chat-room.decision.js';
import { ChatRoomJoining } from './chat-room.joining.js';
import { ChatRoomLeaving } from './chat-room.leaving.js';
import { ChatRoomParticipants } from './chat-room.participants.js';
import { ChatRoomPeople } from './chat-room.people.js';
import { chatRoomForbidden, directIsForTwo, participantNotFound } from './chat-rooms.errors.js';

/** Brings members into rooms, lists them, and takes them out. */
@Injectable()
export class ParticipantsService {
  constructor(
    private readonly transactions: Transactions,
    private readonly participants: ChatRoomParticipants,
    private readonly people: ChatRoomPeople,
    private readonly joining: ChatRoomJoining,
    private readonly leaving: ChatRoomLeaving,
  ) {}

  /** Up to one more than the limit, in the order in which they first joined. */
  list(identity: Identity, uuid: string, { limit, after = 0 }: IdPage): Promise<ChatRoomParticipant[]> {
    return this.transactions.snapshot(async (manager) => {
      const { chatRoomId } = await this.participants.require(manager, identity, 'read', uuid);
      const found = await manager.find(ChatRoomParticipant, {
        where: { chatRoomId, id: MoreThan(after) },
        order: { id: 'ASC' },
        take: limit + 1,
      });
      await this.people.fill(manager, found);
      return found;
    });
  }

  /** Those who are new in the room. */
  add(identity: Identity, uuid: string, memberIds: number[]): Promise<ChatRoomParticipant[]> {
    return this.transactions.run(async (manager) => {
      const { chatRoom } = await this.participants.requireForChange(manager, identity, 'manage', uuid, { alone: true });
      if (chatRoom.kind === 'direct') throw directIsForTwo();
      return this.joining.join(manager, chatRoom, memberIds);
    });
  }

  /** Takes a member out of the room, or lets the caller leave it. */
  remove(identity: Identity, uuid: string, memberId: number): Promise<void> {
    return this.transactions.run(async (manager) => {
      const caller = await this.participants.requireForChange(manager, identity, 'read', uuid, { alone: true });
      const { chatRoom } = caller;
      if (chatRoom.kind === 'direct') throw directIsForTwo();
      const leaves = memberId === caller.memberId;
      if (!leaves && !decideFor(identity, caller).actions.has('manage')) throw chatRoomForbidden();
      const participant = await manager.findOneBy(ChatRoomParticipant, { chatRoomId: chatRoom.id, memberId });
      if (!participant) throw participantNotFound();
      await this.leaving.leave(manager, Object.assign(participant, { chatRoom }));
    });
  }
}
