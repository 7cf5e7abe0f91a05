import { Injectable, type OnModuleInit } from '@nestjs/common';
import { DiscoveryService } from '@nestjs/core';
import type { EntityManager } from 'typeorm';
import type { ChatRoom } from '../chat-rooms/index.js';
import { mentionedIn } from './mentions.js';
import { type AddressedMessage, MessageAudience } from './message.audience.js';
import type { MessageContent } from './message-content.js';
import type { Message } from './message.entity.js';
import type { ThreadParticipant } from './message.threads.js';

/**
 * What another feature does about messages that concern somebody in particular. Runs inside the transaction that writes
 * them, so both happen or neither does; use its manager only.
 */
export interface MessageListener {
  /** New replies and new mentions, each with whom it concerns. */
  addressed(manager: EntityManager, messages: AddressedMessage[]): Promise<void>;

  /** Messages of one room that are gone. Nobody else sends, edits or deletes them until the transaction ends. */
  removed(manager: EntityManager, messages: Message[]): Promise<void>;

  /** A room that is gone with everything that was said in it. */
  ended(manager: EntityManager, chatRoom: ChatRoom): Promise<void>;
}

/** Marks a provider as a MessageListener: so messages need not know who reacts to them. */
export const OnMessages = DiscoveryService.createDecorator<void>();

/** Tells every feature that reacts to messages. */
@Injectable()
export class MessageListeners implements OnModuleInit {
  private listeners: MessageListener[] = [];

  constructor(
    private readonly discovery: DiscoveryService,
    private readonly audience: MessageAudience,
  ) {}

  onModuleInit(): void {
    this.listeners = this.discovery
      .getProviders({ metadataKey: OnMessages.KEY })
      .map((wrapper) => wrapper.instance as MessageListener);
  }

  /**
   * New messages that concern somebody (`concernsSomebody`); for others there is nothing to tell. Gives who takes part in
   * the threads of the replies among them, by root.
   */
  async sent(manager: EntityManager, messages: Message[]): Promise<Map<number, ThreadParticipant[]>> {
    const { addressed, threads } = await this.audience.ofNew(manager, messages);
    await this.tell(manager, addressed);
    return threads;
  }

  async edited(manager: EntityManager, message: Message, before: MessageContent): Promise<void> {
    if (mentionedIn(before.richTextBody).length + mentionedIn(message.richTextBody).length === 0) return;
    await this.tell(manager, [await this.audience.ofEdited(manager, message)]);
  }

  async removed(manager: EntityManager, messages: Message[]): Promise<void> {
    for (const listener of this.listeners) await listener.removed(manager, messages);
  }

  async ended(manager: EntityManager, chatRoom: ChatRoom): Promise<void> {
    for (const listener of this.listeners) await listener.ended(manager, chatRoom);
  }

  private async tell(manager: EntityManager, messages: AddressedMessage[]): Promise<void> {
    const addressed = messages.filter(({ mentioned, thread }) => mentioned.length + thread.length > 0);
    if (addressed.length === 0) return;
    for (const listener of this.listeners) await listener.addressed(manager, addressed);
  }
}
