import { Injectable } from '@nestjs/common';
import type { Identity } from '../../auth/identity.js';
import { Clock } from '../../common/clock.js';
import { Transactions } from '../../database/transactions.js';
import { ChatRoomParticipants, decideFor } from '../chat-rooms/index.js';
import { changesContent, toMessageContent } from './message-content.js';
import { Message } from './message.entity.js';
import { holdMessage } from './message.lookup.js';
import type { MessageView } from './message.view.js';
import { MessageListeners } from './message.listeners.js';
import { MessageThreads } from './message.threads.js';
import { MessageViews } from './message.views.js';
import { messageForbidden, messageNotFound } from './messages.errors.js';
import type { EditMessage } from './messages.schemas.js';

/** Edits and deletes messages. */
@Injectable()
export class MessagesService {
  constructor(
    private readonly transactions: Transactions,
    private readonly participants: ChatRoomParticipants,
    private readonly views: MessageViews,
    private readonly clock: Clock,
    private readonly listeners: MessageListeners,
    private readonly threads: MessageThreads,
  ) {}

  /** Only the author edits. What changes nothing is no edit. */
  async edit(identity: Identity, uuid: string, id: number, wanted: EditMessage): Promise<MessageView> {
    const content = toMessageContent(wanted);
    return this.transactions.run(async (manager) => {
      const author = await this.participants.requireForSending(manager, identity, uuid);
      const message = await holdMessage(manager, author, id);
      if (!message) throw messageNotFound();
      if (message.chatRoomParticipantId !== author.id) throw messageForbidden();
      if (changesContent(message, wanted, content)) {
        const before = { ...message };
        Object.assign(message, content, { participant: author, editedAt: this.clock.now() });
        // First of all who is mentioned now: they take part in the thread, and hear of the edit there.
        await this.listeners.edited(manager, message, before);
        await manager.save(message);
      }
      return this.views.loadOne(manager, message);
    });
  }

  /** A root takes its replies with it, and a pinned message is no longer pinned. */
  remove(identity: Identity, uuid: string, id: number): Promise<void> {
    return this.transactions.run(async (manager) => {
      const caller = await this.participants.requireForChange(manager, identity, 'read', uuid);
      const message = await holdMessage(manager, caller, id);
      if (!message) throw messageNotFound();
      const mayDelete =
        message.chatRoomParticipantId === caller.id || decideFor(identity, caller).actions.has('moderate');
      if (!mayDelete) throw messageForbidden();
      const { chatRoom } = caller;
      const replies = await manager.findBy(Message, { parentMessageId: id });
      const gone = [message, ...replies.map((reply) => Object.assign(reply, { chatRoom, goesWithRoot: true }))];
      await manager.softRemove(gone);
      await this.threads.refresh(manager, [message.parentMessageId ?? id]);
      if (gone.some((row) => row.id === chatRoom.pinnedMessageId)) {
        await manager.save(Object.assign(chatRoom, { pinnedMessageId: null }));
      }
      await this.listeners.removed(manager, gone);
    });
  }
}
