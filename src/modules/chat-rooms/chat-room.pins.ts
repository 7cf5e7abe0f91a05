import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { Identity } from '../../auth/identity.js';
import { Clock } from '../../common/clock.js';
import { Transactions } from '../../database/transactions.js';
import type { ChatRoomParticipant } from './chat-room-participant.entity.js';
import { ChatRoomPin } from './chat-room-pin.entity.js';
import { type PinView, toPinView, toUnpinnedView, type UnpinnedView } from './chat-room-pin.view.js';
import { ChatRoomParticipants } from './chat-room.participants.js';
import { embeddedNotPinned } from './chat-rooms.errors.js';

/** Pins rooms to the top of the caller's own list. */
@Injectable()
export class ChatRoomPins {
  constructor(
    private readonly transactions: Transactions,
    private readonly participants: ChatRoomParticipants,
    private readonly clock: Clock,
  ) {}

  /** Pinning again keeps the first time. */
  pin(identity: Identity, uuid: string): Promise<PinView> {
    return this.transactions.run(async (manager) => {
      const participant = await this.participants.requireForOneself(manager, identity, uuid);
      const { id: chatRoomParticipantId, chatRoom } = participant;
      if (chatRoom.isEmbedded) throw embeddedNotPinned();
      const present = await manager.findOneBy(ChatRoomPin, { chatRoomParticipantId });
      if (present) return toPinView(chatRoom, present.pinnedAt);
      const pin = manager.create(ChatRoomPin, { chatRoomParticipantId, pinnedAt: this.clock.now() });
      await manager.save(pin);
      return toPinView(chatRoom, pin.pinnedAt);
    });
  }

  unpin(identity: Identity, uuid: string): Promise<UnpinnedView> {
    return this.transactions.run(async (manager) => {
      const participant = await this.participants.requireForOneself(manager, identity, uuid);
      await this.drop(manager, participant);
      return toUnpinnedView(participant.chatRoom);
    });
  }

  /** Takes the pin of a participant off, if there is one. */
  async drop(manager: EntityManager, { id: chatRoomParticipantId }: ChatRoomParticipant): Promise<void> {
    const pin = await manager.findOneBy(ChatRoomPin, { chatRoomParticipantId });
    if (pin) await manager.remove(pin);
  }
}
