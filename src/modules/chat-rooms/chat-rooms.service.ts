import { Injectable } from '@nestjs/common';
import type { Identity } from '../../auth/identity.js';
import { Transactions } from '../../database/transactions.js';
import { ChatRoomParticipant } from './chat-room-participant.entity.js';
import { ChatRoomConversation } from './chat-room.conversation.js';
import { ChatRoomInboxes } from './chat-room.inboxes.js';
import { ChatRoomParticipants } from './chat-room.participants.js';
import type { ChatRoomView } from './chat-room.view.js';
import { ChatRoomViews } from './chat-room.views.js';
import { directHasNoName, embeddedForAdministrators, pinnedMessageUnknown } from './chat-rooms.errors.js';
import type { UpdateChatRoom } from './chat-rooms.schemas.js';

/** Shows, changes and ends rooms. */
@Injectable()
export class ChatRoomsService {
  constructor(
    private readonly transactions: Transactions,
    private readonly participants: ChatRoomParticipants,
    private readonly conversation: ChatRoomConversation,
    private readonly inboxes: ChatRoomInboxes,
    private readonly views: ChatRoomViews,
  ) {}

  get(identity: Identity, uuid: string): Promise<ChatRoomView> {
    return this.transactions.snapshot(async (manager) =>
      this.views.loadOne(manager, await this.participants.require(manager, identity, 'read', uuid)),
    );
  }

  update(identity: Identity, uuid: string, wanted: UpdateChatRoom): Promise<ChatRoomView> {
    return this.transactions.run(async (manager) => {
      const participant = await this.participants.requireForChange(manager, identity, 'manage', uuid);
      const { chatRoom } = participant;
      const { name, description, show_history, pinned_message_id: pinned } = wanted;
      if (name != null && chatRoom.kind === 'direct') throw directHasNoName();
      if (pinned != null && pinned !== chatRoom.pinnedMessageId) {
        if (!(await this.conversation.holdForPin(manager, participant, pinned))) throw pinnedMessageUnknown();
      }
      if (name !== undefined) chatRoom.name = name;
      if (description !== undefined) chatRoom.description = description;
      if (show_history !== undefined) chatRoom.showHistory = show_history;
      if (pinned !== undefined) chatRoom.pinnedMessageId = pinned;
      await manager.save(chatRoom);
      return this.views.loadOne(manager, participant);
    });
  }

  /** Its participants and messages stay where they are, out of reach. */
  remove(identity: Identity, uuid: string): Promise<void> {
    return this.transactions.run(async (manager) => {
      const { chatRoom } = await this.participants.requireForChange(manager, identity, 'manage', uuid, { alone: true });
      if (chatRoom.isEmbedded && !identity.administrator) throw embeddedForAdministrators();
      const present = await manager.find(ChatRoomParticipant, {
        select: { memberId: true },
        where: { chatRoomId: chatRoom.id },
      });
      await manager.softRemove(chatRoom);
      await this.conversation.ended(manager, chatRoom);
      this.inboxes.gone(
        manager,
        chatRoom,
        present.map(({ memberId }) => memberId),
      );
    });
  }
}
